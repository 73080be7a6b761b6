import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FACE_POINT_VALUES } from '../../core/perception/facePoints.js';
import { FACE_PROXIES, FACE_PROXY_UNIT, faceProxies } from '../../core/perception/faceProxies.js';
import type { VisualTrack } from '../../core/perception/perception.js';
import { ProblemError } from '../../core/problems/problem.js';
import { EMOTIONS } from '../../core/recording/emotion.js';
import { microseconds, toSeconds, type TimeRange } from '../../core/time/microseconds.js';
import { decodeAudio } from '../media/decodeAudio.js';
import { decodeFrames } from '../media/decodeFrames.js';
import { probeMedia } from '../media/probe.js';
import { AUDIO_EXTRACTOR, AudioExtractor } from '../perception/audio/audioExtractor.js';
import { loadAudioNetworks, type AudioNetworks } from '../perception/audio/audioNetworks.js';
import { AUDIO_FUNCTIONALS, acousticFunctionalNames, acousticFunctionals } from '../perception/audio/functionals.js';
import { FRAME_RATE_HZ } from '../perception/perceiveWith.js';
import {
  VISUAL_FUNCTIONALS,
  VISUAL_FUNCTIONAL_COUNT,
  visualFunctionals,
} from '../perception/visual/expressionFunctionals.js';
import { VISUAL_EXTRACTOR, VisualExtractor } from '../perception/visual/visualExtractor.js';
import { findAppFolder } from './appFolder.js';
import { EXIT } from './exitCodes.js';
import { CURVE_COLUMNS, curveRow } from './featureCurves.js';
import { featureFiles, type FeatureRow } from './featureTable.js';

const USAGE = `usage: features FILES OR FOLDERS... --out DIR [--visual] [--curves] [--models DIR]
Writes audio.npy (one row of acoustic functionals per recording), names.txt, ids.txt and features.json into DIR;
with --visual also visual.npy (expression functionals), frames.npy (row, time in s, seven expression posteriors) and
faces.npy (row, time in s, landmark score, action-unit proxies; names in face_names.txt);
with --curves also curves.npy (contours of the voice over the spoken stretch) and curve_names.txt.
`;

const MEDIA_NAMES = /\.(?:mp4|m4v|mov|mkv|webm|avi|wav|flac|mp3|m4a|ogg|opus)$/i;

/** Longer than any recording: everything that was decoded is used. */
const EVERYTHING: readonly TimeRange[] = [{ start: microseconds(0), end: microseconds(Number.MAX_SAFE_INTEGER) }];

interface Arguments {
  readonly inputs: readonly string[];
  readonly out: string;
  readonly visual: boolean;
  readonly curves: boolean;
  readonly modelsDir: string;
}

interface Failure {
  readonly file: string;
  readonly message: string;
}

interface Services {
  readonly modelsDir: string;
  readonly audio: AudioNetworks;
  readonly visual: boolean;
  readonly curves: boolean;
  readonly signal: AbortSignal;
}

/**
 * `features`: measures whole recordings for training, exactly as the app measures segments.
 * @returns exit code: 0 done, 1 some recordings failed (they are listed; the others are written), 2 usage, 130 cancelled.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const parsed = readArguments(argv);
  if (typeof parsed === 'string') {
    process.stderr.write(`${parsed}\n${USAGE}`);
    return EXIT.usage;
  }
  const stop = new AbortController();
  const cancel = () => {
    stop.abort();
  };
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  try {
    return await run(parsed, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) {
      process.stderr.write('Cancelled; nothing was written.\n');
      return EXIT.cancelled;
    }
    process.stderr.write(`${describe(error)}\n`);
    return EXIT.failed;
  } finally {
    process.off('SIGINT', cancel).off('SIGTERM', cancel);
  }
}

function readArguments(argv: readonly string[]): Arguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        visual: { type: 'boolean' },
        curves: { type: 'boolean' },
        models: { type: 'string' },
      },
    });
    if (positionals.length === 0) return 'No recording was named.';
    if (values.out === undefined) return 'The output folder is missing.';
    const modelsDir = values.models ?? path.join(findAppFolder().root, 'models');
    const { visual = false, curves = false } = values;
    return { inputs: positionals, out: path.resolve(values.out), visual, curves, modelsDir };
  } catch (error) {
    return describe(error);
  }
}

async function run(args: Arguments, signal: AbortSignal): Promise<number> {
  const failures: Failure[] = [];
  const files = await listRecordings(args.inputs, failures);
  const audio = await loadAudioNetworks(args.modelsDir);
  const services: Services = { modelsDir: args.modelsDir, audio, visual: args.visual, curves: args.curves, signal };
  const rows: FeatureRow[] = [];
  const ids = new Map<string, string>();
  for (const [index, file] of files.entries()) {
    signal.throwIfAborted();
    const id = path.parse(file).name;
    process.stderr.write(`[${index + 1}/${files.length}] ${id}\n`);
    try {
      const other = ids.get(id);
      if (other !== undefined) throw new Error(`its name without ending is that of ${other}; rename one of the two`);
      rows.push(await measure(file, id, services));
      ids.set(id, file);
    } catch (error) {
      signal.throwIfAborted();
      failures.push({ file, message: describe(error) });
    }
  }
  for (const { file, message } of failures) process.stderr.write(`failed: ${file}: ${message}\n`);
  if (rows.length > 0) await writeTable(args, rows, failures);
  process.stdout.write(`${rows.length} recordings measured, ${failures.length} failed\n`);
  return failures.length > 0 || rows.length === 0 ? EXIT.failed : EXIT.done;
}

/** Named files as they are; of folders, all media files below them in the order of their names. */
async function listRecordings(inputs: readonly string[], failures: Failure[]): Promise<string[]> {
  const files: string[] = [];
  for (const input of inputs) {
    try {
      if (!(await stat(input)).isDirectory()) {
        files.push(input);
        continue;
      }
      const entries = await readdir(input, { recursive: true, withFileTypes: true });
      const found = entries.filter((entry) => entry.isFile() && MEDIA_NAMES.test(entry.name));
      if (found.length === 0) failures.push({ file: input, message: 'the folder holds no media file' });
      files.push(...found.map((entry) => path.join(entry.parentPath, entry.name)).sort());
    } catch (error) {
      failures.push({ file: input, message: describe(error) });
    }
  }
  return files;
}

async function measure(file: string, id: string, services: Services): Promise<FeatureRow> {
  const { signal } = services;
  const { info } = await probeMedia(file, { signal });
  let audio: Float32Array | undefined;
  let curves: Float32Array | undefined;
  if (info.audio) {
    const extractor = new AudioExtractor(services.audio);
    for await (const chunk of decodeAudio(file, info, { signal })) await extractor.push(chunk);
    const { track, speech } = await extractor.finish();
    audio = acousticFunctionals(track, EVERYTHING);
    curves = services.curves ? curveRow(track, speech) : undefined;
  }
  const track = services.visual && info.video ? await measurePicture(file, info, services) : undefined;
  const visual = track && visualFunctionals(track, EVERYTHING);
  if (!audio && !visual) throw new Error(services.visual ? 'no usable sound and no face' : 'no usable sound');
  return { id, audio, visual, curves, frames: track ? frameRows(track) : [], faces: track ? faceRows(track) : [] };
}

async function measurePicture(
  file: string,
  info: Parameters<typeof decodeFrames>[1],
  services: Services,
): Promise<VisualTrack> {
  const extractor = await VisualExtractor.create(services.modelsDir, { rateHz: FRAME_RATE_HZ });
  const frames = decodeFrames(file, info, { rateHz: FRAME_RATE_HZ, signal: services.signal });
  for await (const frame of frames) await extractor.push(frame);
  return extractor.finish();
}

function frameRows(track: VisualTrack): number[][] {
  return Array.from({ length: track.frameCount }, (_, frame) => [
    toSeconds(microseconds(track.timestamps[frame]!)),
    ...track.expression.subarray(frame * EMOTIONS.length, (frame + 1) * EMOTIONS.length),
  ]);
}

function faceRows(track: VisualTrack): number[][] {
  return Array.from({ length: track.frameCount }, (_, frame) => [
    toSeconds(microseconds(track.timestamps[frame]!)),
    track.landmarkScore[frame]!,
    ...(faceProxies(track.facePoints, frame * FACE_POINT_VALUES) ?? FACE_PROXIES.map(() => Number.NaN)),
  ]);
}

/** Writes everything beside its place first; features.json comes last, so that it stands for a complete table. */
async function writeTable(args: Arguments, rows: readonly FeatureRow[], failures: readonly Failure[]): Promise<void> {
  const audioNames = acousticFunctionalNames();
  const visualCount = args.visual ? VISUAL_FUNCTIONAL_COUNT : undefined;
  const curveNames = args.curves ? CURVE_COLUMNS : undefined;
  const files = featureFiles(rows, {
    audioNames,
    visualCount,
    curveNames,
    emotionNames: EMOTIONS,
    faceNames: ['time[s]', 'landmark_score[1]', ...FACE_PROXIES.map(({ name }) => `${name}[${FACE_PROXY_UNIT}]`)],
  });
  const description = {
    format: 1,
    audio: { extractor: AUDIO_EXTRACTOR, functionals: AUDIO_FUNCTIONALS, dimension: audioNames.length },
    ...(args.visual
      ? {
          visual: { extractor: VISUAL_EXTRACTOR, functionals: VISUAL_FUNCTIONALS, dimension: VISUAL_FUNCTIONAL_COUNT },
          frames: ['row', 'time_s', ...EMOTIONS],
        }
      : {}),
    recordings: rows.length,
    failures: failures.map(({ file, message }) => ({ file: path.basename(file), message })),
  };
  files.set('features.json', new TextEncoder().encode(`${JSON.stringify(description, undefined, 2)}\n`));
  await mkdir(args.out, { recursive: true });
  const temporary = await mkdtemp(path.join(args.out, '.partial-'));
  try {
    for (const [name, bytes] of files) await writeFile(path.join(temporary, name), bytes);
    for (const name of files.keys()) await rename(path.join(temporary, name), path.join(args.out, name));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function describe(error: unknown): string {
  if (error instanceof ProblemError) return `${error.problem.message} ${error.problem.tip}`;
  return error instanceof Error ? error.message : String(error);
}
