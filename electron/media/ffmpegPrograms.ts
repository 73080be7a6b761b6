/**
 * Finds the ffmpeg and ffprobe to use: the ones the person names (`LACUNA_FFMPEG`, `LACUNA_FFPROBE`), else the newer of the
 * system's and the packaged ones.
 */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { sep } from 'node:path';
import { ProblemError } from '../../core/problems/problem.js';

export type ProgramName = 'ffmpeg' | 'ffprobe';

/** A program that was started once and answered with its version. */
export interface MediaProgram {
  readonly name: ProgramName;
  readonly path: string;
  /** Version as the program prints it, `5.1.9-0+deb12u1` or `N-47683-g0e8eb07980-static`. */
  readonly version: string;
  /** libavutil version as [major, minor, micro]: orders builds that carry no release number. */
  readonly libavutil: readonly [number, number, number];
  readonly source: 'environment' | 'system' | 'packaged';
}

export interface MediaPrograms {
  readonly ffmpeg: MediaProgram;
  readonly ffprobe: MediaProgram;
}

const VERSION_TIMEOUT_MS = 15_000;
const ENVIRONMENT: Readonly<Record<ProgramName, string>> = { ffmpeg: 'LACUNA_FFMPEG', ffprobe: 'LACUNA_FFPROBE' };

let located: Promise<MediaPrograms> | undefined;

/**
 * The programs to use in this process; searched once.
 * @throws ProblemError `media.no_ffmpeg` or `media.no_ffprobe` when none runs.
 */
export function mediaPrograms(): Promise<MediaPrograms> {
  located ??= locateMediaPrograms(process.env).catch((error: unknown) => {
    located = undefined;
    throw error;
  });
  return located;
}

/** Uses the programs that another thread of this process has found, instead of searching again. */
export function useMediaPrograms(programs: MediaPrograms): void {
  located = Promise.resolve(programs);
}

/**
 * Searches without remembering.
 * @param environment variables that may name the programs
 * @throws ProblemError `media.no_ffmpeg` or `media.no_ffprobe` when a named program does not run or none is found.
 */
export async function locateMediaPrograms(environment: NodeJS.ProcessEnv): Promise<MediaPrograms> {
  const [ffmpegs, ffprobes] = await Promise.all([locate('ffmpeg', environment), locate('ffprobe', environment)]);
  const ffmpeg = newestOf(ffmpegs);
  if (!ffmpeg) throw noneFound('ffmpeg');
  // A pair from one build reads time stamps alike.
  const ffprobe = ffprobes.find((program) => program.source === ffmpeg.source) ?? newestOf(ffprobes);
  if (!ffprobe) throw noneFound('ffprobe');
  return { ffmpeg, ffprobe };
}

async function locate(name: ProgramName, environment: NodeJS.ProcessEnv): Promise<readonly MediaProgram[]> {
  const variable = ENVIRONMENT[name];
  const named = environment[variable];
  if (named !== undefined && named !== '') {
    const program = await tryProgram(name, named, 'environment');
    if (program) return [program];
    throw noProgram(
      name,
      `${variable} names ${named}, which does not run as ${name}.`,
      `Correct or unset ${variable}.`,
    );
  }
  const packaged = packagedPath(name);
  const found = await Promise.all([
    tryProgram(name, name, 'system'),
    packaged === undefined ? undefined : tryProgram(name, packaged, 'packaged'),
  ]);
  return found.filter((program) => program !== undefined);
}

function noneFound(name: ProgramName): ProblemError {
  return noProgram(
    name,
    `No working ${name} was found on this machine.`,
    `Install ffmpeg (Debian and Ubuntu: apt install ffmpeg) or set ${ENVIRONMENT[name]} to the program.`,
  );
}

function noProgram(name: ProgramName, message: string, tip: string): ProblemError {
  return new ProblemError({ code: `media.no_${name}`, severity: 'error', message, tip });
}

/** The newest program by libavutil version; the first of equals; undefined for an empty list. */
export function newestOf(programs: readonly MediaProgram[]): MediaProgram | undefined {
  return programs.reduce<MediaProgram | undefined>(
    (best, program) => (best && compareVersions(best.libavutil, program.libavutil) >= 0 ? best : program),
    undefined,
  );
}

function compareVersions(a: MediaProgram['libavutil'], b: MediaProgram['libavutil']): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Programs cannot be started from inside an asar archive; electron-builder puts them beside it. */
export function outsideArchive(path: string): string {
  return path.replace(`app.asar${sep}`, `app.asar.unpacked${sep}`);
}

function packagedPath(name: ProgramName): string | undefined {
  try {
    const installer = createRequire(import.meta.url)(`@${name}-installer/${name}`) as { path: string };
    return outsideArchive(installer.path);
  } catch {
    // The installer packages throw on platforms that they do not carry; the system's program is then the only choice.
    return undefined;
  }
}

async function tryProgram(
  name: ProgramName,
  path: string,
  source: MediaProgram['source'],
): Promise<MediaProgram | undefined> {
  const output = await new Promise<string>((resolve) => {
    execFile(path, ['-version'], { timeout: VERSION_TIMEOUT_MS, windowsHide: true }, (error, stdout) => {
      resolve(error ? '' : stdout);
    });
  });
  const parsed = parseVersion(name, output);
  return parsed && { name, path, source, ...parsed };
}

/** Reads the output of `-version`; undefined when it is not that of the named program. */
export function parseVersion(
  name: ProgramName,
  output: string,
): Pick<MediaProgram, 'version' | 'libavutil'> | undefined {
  const version = new RegExp(`^${name} version (\\S+)`).exec(output)?.[1];
  const numbers = /^libavutil\s+(\d+)\.\s*(\d+)\.\s*(\d+)/m.exec(output);
  if (version === undefined || !numbers) return undefined;
  return { version, libavutil: [Number(numbers[1]), Number(numbers[2]), Number(numbers[3])] };
}
