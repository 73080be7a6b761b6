/** Entry of the analysis host: a worker thread of the command line or a utility process of the app. */
import { parentPort as workerPort } from 'node:worker_threads';
import { createHostTasks } from './hostTasks.js';
import type { HostRequest } from './protocol.js';
import type { HostEndpoint } from './serveHost.js';
import { serveHost } from './serveHost.js';

/** What Electron puts on `process` in a utility process. */
interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

function endpoint(): HostEndpoint {
  if (workerPort !== null) {
    const port = workerPort;
    return {
      postMessage: (message) => {
        port.postMessage(message);
      },
      onMessage: (callback) => {
        port.on('message', (message: HostRequest) => {
          callback(message);
        });
      },
    };
  }
  const { parentPort: port } = process as unknown as { readonly parentPort?: UtilityPort };
  if (port === undefined) throw new Error('the analysis host has nobody to answer to');
  return {
    postMessage: (message) => {
      port.postMessage(message);
    },
    onMessage: (callback) => {
      port.on('message', ({ data }) => {
        callback(data as HostRequest);
      });
    },
  };
}

serveHost(endpoint(), createHostTasks());
