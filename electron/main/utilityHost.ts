import { utilityProcess } from 'electron';
import type { HostPort } from '../host/hostClient.js';
import type { HostReply } from '../host/protocol.js';

/** Starts a host as a utility process. Messages sent before it is up wait for it. */
export function startUtilityHost(modulePath: string, serviceName: string): HostPort {
  const child = utilityProcess.fork(modulePath, [], { serviceName, stdio: 'inherit' });
  return {
    postMessage: (message) => {
      child.postMessage(message);
    },
    onMessage: (callback) => {
      child.on('message', (message: HostReply) => {
        callback(message);
      });
    },
    onExit: (callback) => {
      child.once('exit', callback);
    },
    kill: () => {
      child.kill();
    },
  };
}
