/** Runs one ffmpeg or ffprobe child: its output as a stream, its log line by line, its end, and a sure way to stop it. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { ProblemError } from '../../core/problems/problem.js';
import type { MediaProgram } from './ffmpegPrograms.js';

export interface RunningChild {
  readonly stdout: Readable;
  /** Exit code once the child has ended and its log has been read to the end; null when it was killed. */
  readonly ended: Promise<number | null>;
  /** Kills the child and waits until it is gone. Harmless after the end. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onLogLine: (line: string) => void;
}

/**
 * Starts a program. It never reads the terminal; its log is always drained, so that a full log pipe cannot block it, while
 * its output is only read as fast as the consumer takes it.
 * @throws ProblemError (from `ended`) `media.program_failed` when the program cannot be started.
 */
export function startChild(program: MediaProgram, args: readonly string[], options: ChildOptions): RunningChild {
  const child = spawn(program.path, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const kill = () => child.kill('SIGKILL');
  options.signal?.addEventListener('abort', kill, { once: true });
  if (options.signal?.aborted) kill();
  const log = createInterface({ input: child.stderr });
  log.on('line', options.onLogLine);
  const logRead = new Promise<void>((done) => log.once('close', done));
  const exited = new Promise<number | null>((done, fail) => {
    child.once('error', (error) => {
      fail(cannotStart(program, error));
    });
    child.once('exit', (code) => {
      done(code);
    });
  });
  const ended = Promise.all([exited, logRead])
    .then(([code]) => code)
    .finally(() => options.signal?.removeEventListener('abort', kill));
  // A consumer that stops early never looks at `ended`; its failure must not become an unhandled rejection.
  ended.catch(() => undefined);
  return {
    stdout: child.stdout,
    ended,
    stop: async () => {
      kill();
      child.stdout.destroy();
      await ended.catch(() => undefined);
    },
  };
}

function cannotStart(program: MediaProgram, error: Error): ProblemError {
  return new ProblemError({
    code: 'media.program_failed',
    severity: 'error',
    message: `${program.name} (${program.path}) could not be started: ${error.message}.`,
    tip: `Check that the file may be executed, or name another one with LACUNA_${program.name.toUpperCase()}.`,
  });
}

/**
 * Options that name the input. The `file:` prefix keeps names such as `concat:a` or `-y` from being read as anything else, and the
 * whitelist keeps playlists from opening a network connection.
 */
export function inputArguments(path: string): string[] {
  return ['-protocol_whitelist', 'file,pipe', '-i', `file:${resolve(path)}`];
}

/** Collects the error lines of a log written with `-loglevel level+…`, the first few only, and counts all. */
export class ErrorLog {
  readonly lines: string[] = [];
  count = 0;
  private static readonly kept = 20;

  add(line: string): void {
    if (!/\[(?:error|fatal|panic)\]/.test(line)) return;
    this.count += 1;
    // Addresses differ from run to run and would make equal runs write different reports.
    if (this.lines.length < ErrorLog.kept) this.lines.push(line.replace(/ @ 0x[0-9a-f]+/g, ''));
  }
}
