import { Worker } from 'node:worker_threads';
import type { HostPort } from './hostClient.js';
import type { HostReply } from './protocol.js';

/**
 * Starts the analysis host in a worker thread.
 * @param entry URL of the built `analysisHost` module.
 */
export function startWorkerHost(entry: URL): HostPort {
  const worker = new Worker(entry, { name: 'analysis-host' });
  let exited: ((code: number | undefined) => void) | undefined;
  // An uncaught error in the worker ends it; `exit` follows and is what the client acts on.
  worker.on('error', (error) => {
    process.stderr.write(`analysis host: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  });
  worker.on('exit', (code) => exited?.(code));
  return {
    postMessage: (message) => {
      worker.postMessage(message);
    },
    onMessage: (callback) => {
      worker.on('message', (message: HostReply) => {
        callback(message);
      });
    },
    onExit: (callback) => {
      exited = callback;
    },
    kill: () => {
      void worker.terminate();
    },
  };
}
