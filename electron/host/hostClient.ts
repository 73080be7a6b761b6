import type { Problem } from '../../core/problems/problem.js';
import { ProblemError } from '../../core/problems/problem.js';
import type {
  HostAnswer,
  HostArgument,
  HostFailure,
  HostProgress,
  HostReply,
  HostRequest,
  HostTaskKind,
} from './protocol.js';

/** One running host: a utility process in the app, a child process of the command line. */
export interface HostPort {
  postMessage(message: HostRequest): void;
  onMessage(callback: (message: HostReply) => void): void;
  /** Called once, when the host has ended for whatever reason; `code` is its exit code where known. */
  onExit(callback: (code: number | undefined) => void): void;
  kill(): void;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: HostProgress) => void;
}

/** How long a host may take to answer a cancellation before it is killed, in milliseconds. */
export const CANCEL_PATIENCE_MS = 700;

interface Pending {
  resolve(answer: HostAnswer<HostTaskKind>): void;
  reject(error: Error): void;
  readonly onProgress: ((progress: HostProgress) => void) | undefined;
  cancelTimer?: ReturnType<typeof setTimeout>;
  cancelled: boolean;
}

interface Host {
  readonly port: HostPort;
  readonly pending: Map<number, Pending>;
}

/**
 * Asks the analysis host for tasks. The host is started on first use and again after it ended, so a crash costs the
 * running tasks only.
 */
export class HostClient {
  #host: Host | undefined;
  #nextId = 1;
  #disposed = false;
  readonly #spawn: () => HostPort;

  constructor(spawn: () => HostPort) {
    this.#spawn = spawn;
  }

  /**
   * Runs one task.
   * @throws ProblemError for expected trouble and when the host ended before it answered (`host.ended`).
   * @throws DOMException `AbortError` when the signal was aborted, at most CANCEL_PATIENCE_MS after it.
   * @throws Error with the host's stack for a bug in the host.
   */
  run<K extends HostTaskKind>(kind: K, argument: HostArgument<K>, options: RunOptions = {}): Promise<HostAnswer<K>> {
    const { signal } = options;
    return new Promise<HostAnswer<K>>((resolve, reject) => {
      if (this.#disposed) {
        reject(new Error('the analysis host was disposed'));
        return;
      }
      if (signal?.aborted === true) {
        reject(abortError());
        return;
      }
      const host = (this.#host ??= this.#start());
      const id = this.#nextId++;
      const onAbort = (): void => {
        this.#cancel(host, id);
      };
      const settled = (): void => {
        signal?.removeEventListener('abort', onAbort);
        clearTimeout(host.pending.get(id)?.cancelTimer);
        host.pending.delete(id);
      };
      host.pending.set(id, {
        resolve: (answer) => {
          settled();
          resolve(answer);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
        onProgress: options.onProgress,
        cancelled: false,
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      host.port.postMessage({ type: 'run', id, kind, argument } as HostRequest);
    });
  }

  /** Ends the host; running tasks are rejected as cancelled. The client cannot be used afterwards. */
  dispose(): void {
    this.#disposed = true;
    const host = this.#host;
    if (host === undefined) return;
    this.#host = undefined;
    for (const pending of [...host.pending.values()]) pending.reject(abortError());
    host.port.kill();
  }

  #start(): Host {
    const host: Host = { port: this.#spawn(), pending: new Map() };
    host.port.onMessage((message) => {
      receive(host, message);
    });
    host.port.onExit((code) => {
      if (this.#host === host) this.#host = undefined;
      for (const pending of [...host.pending.values()]) {
        pending.reject(pending.cancelled ? abortError() : new ProblemError(endedProblem(code)));
      }
    });
    return host;
  }

  #cancel(host: Host, id: number): void {
    const pending = host.pending.get(id);
    if (pending === undefined) return;
    pending.cancelled = true;
    host.port.postMessage({ type: 'cancel', id });
    pending.cancelTimer = setTimeout(() => {
      // The host is busy in native code and cannot hear; the next task gets a fresh one.
      if (this.#host === host) this.#host = undefined;
      pending.reject(abortError());
      host.port.kill();
    }, CANCEL_PATIENCE_MS);
  }
}

function receive(host: Host, message: HostReply): void {
  const pending = host.pending.get(message.id);
  if (pending === undefined) return;
  if (message.type === 'progress') {
    if (!pending.cancelled) pending.onProgress?.(message.progress);
  } else if (message.type === 'result') {
    if (pending.cancelled) pending.reject(abortError());
    else pending.resolve(message.answer);
  } else {
    pending.reject(pending.cancelled ? abortError() : errorOf(message.failure));
  }
}

function errorOf(failure: HostFailure): Error {
  if ('problem' in failure) return new ProblemError(failure.problem);
  if ('cancelled' in failure) return abortError();
  const error = new Error(failure.message);
  error.stack = failure.stack;
  return error;
}

function abortError(): DOMException {
  return new DOMException('The task was cancelled.', 'AbortError');
}

function endedProblem(code: number | undefined): Problem {
  return {
    code: 'host.ended',
    severity: 'error',
    message: `The analysis process ended before it was done${code === undefined ? '' : ` (exit code ${code})`}.`,
    tip: 'Run the step again. If it ends again, the machine may be short of memory: close other programs or analyse a shorter recording.',
  };
}
