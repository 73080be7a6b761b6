/** Measures every stream in a thread of its own, so that neither waits for the other and the caller stays free. */
import { Worker } from 'node:worker_threads';
import { ProblemError } from '../../core/problems/problem.js';
import { mediaPrograms } from '../media/ffmpegPrograms.js';
import type { Measured, StreamControl, StreamMeasurer, Streams } from './streamMeasurer.js';
import type { ThreadAbort, ThreadData, ThreadReply } from './threadProtocol.js';

/** How long an aborted thread is waited for, in milliseconds. */
const ABORT_PATIENCE_MS = 400;

/**
 * A measurer with one thread per stream; the thread ends with its stream.
 * @param entry URL of the built `perceptionThread` module.
 * @param versions of the extractors that it runs.
 */
export function measureInThreads(entry: URL, versions: readonly string[]): StreamMeasurer {
  return {
    versions,
    measure: async (kind, task, control) => {
      const programs = await mediaPrograms();
      control.signal.throwIfAborted();
      return runThread(entry, { kind, task, programs }, control);
    },
  };
}

/**
 * Settles when the thread has ended. It is asked to end and never terminated: onnxruntime-node aborts the whole process when its
 * thread is torn down while a network runs. A thread hears the request between two steps of some 10 ms; one that is still opening
 * its networks on a busy machine ends after the rejection.
 */
function runThread(entry: URL, data: ThreadData, control: StreamControl): Promise<Measured<Partial<Streams>>> {
  const { signal, onTime } = control;
  return new Promise((resolve, reject) => {
    const worker = new Worker(entry, { name: `perception-${data.kind}`, workerData: data });
    let measured: Measured<Partial<Streams>> | undefined;
    let failure: Error | undefined;
    let patience: ReturnType<typeof setTimeout> | undefined;
    const onAbort = () => {
      worker.postMessage({ type: 'abort' } satisfies ThreadAbort);
      patience = setTimeout(() => {
        reject(signal.reason as Error);
      }, ABORT_PATIENCE_MS);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    worker.on('message', (reply: ThreadReply) => {
      if (reply.type === 'measured') measured = reply.measured;
      else if (reply.type !== 'time') failure = failureOf(reply);
      else if (!signal.aborted) onTime(reply.time);
    });
    worker.on('error', (error: unknown) => {
      failure ??= error instanceof Error ? error : new Error(String(error));
    });
    worker.on('exit', (code) => {
      clearTimeout(patience);
      signal.removeEventListener('abort', onAbort);
      if (signal.aborted) reject(signal.reason as Error);
      else if (measured) resolve(measured);
      else reject(failure ?? new Error(`the thread that measures the ${data.kind} ended with code ${code}`));
    });
  });
}

function failureOf(reply: Extract<ThreadReply, { type: 'problem' | 'failure' }>): Error {
  if (reply.type === 'problem') return new ProblemError(reply.problem);
  const error = new Error(reply.message);
  if (reply.stack !== '') error.stack = reply.stack;
  return error;
}
