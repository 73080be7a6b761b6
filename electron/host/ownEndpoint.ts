import type { HostRequest } from './protocol.js';
import type { HostEndpoint } from './serveHost.js';

/** What Electron puts on `process` in a utility process. */
interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

function utilityEndpoint(port: UtilityPort): HostEndpoint {
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

function childEndpoint(): HostEndpoint {
  // Ctrl+C reaches every process of the terminal; the command line decides what is cancelled and when the host ends.
  const stay = (): void => undefined;
  process.on('SIGINT', stay).on('SIGTERM', stay);
  process.on('disconnect', () => process.exit());
  return {
    postMessage: (message) => {
      if (process.connected) process.send?.(message);
    },
    onMessage: (callback) => {
      process.on('message', (message) => {
        callback(message as HostRequest);
      });
    },
  };
}

/** The end of the border in this process: a utility process of the app or a child process of the command line. */
export function ownEndpoint(): HostEndpoint {
  const { parentPort } = process as unknown as { readonly parentPort?: UtilityPort };
  return parentPort ? utilityEndpoint(parentPort) : childEndpoint();
}
