import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HostPort } from './hostClient.js';
import type { HostReply } from './protocol.js';

/**
 * Starts the analysis host in a child process, for the command line. A thread would not do: a thread that is inside
 * native code cannot be ended without aborting the whole process, and cancel must end the host at once.
 * @param entry URL of the built `analysisHost` module.
 */
export function startChildHost(entry: URL): HostPort {
  const child = fork(fileURLToPath(entry), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // A host that could not be started, or ended while a message was under way, is told by `exit`.
  child.on('error', (error) => {
    process.stderr.write(`analysis host: ${error.message}\n`);
  });
  return {
    postMessage: (message) => {
      if (child.connected) child.send(message);
    },
    onMessage: (callback) => {
      child.on('message', (message) => {
        callback(message as HostReply);
      });
    },
    onExit: (callback) => {
      child.on('exit', (code) => {
        callback(code ?? undefined);
      });
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
