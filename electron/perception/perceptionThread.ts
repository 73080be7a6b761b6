/** Entry of a thread that measures one stream of one recording and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { ProblemError } from '../../core/problems/problem.js';
import { useMediaPrograms } from '../media/ffmpegPrograms.js';
import { APP_EXTRACTORS } from './appExtractors.js';
import { measureHere } from './measureHere.js';
import type { ThreadAbort, ThreadData, ThreadReply } from './threadProtocol.js';

if (parentPort === null) throw new Error('the perception thread has nobody to answer to');
const port = parentPort;
const { kind, task, programs } = workerData as ThreadData;
const stop = new AbortController();
port.on('message', ({ type }: ThreadAbort) => {
  if (type === 'abort') stop.abort();
});

function answer(reply: ThreadReply): void {
  port.postMessage(reply);
}

function answerFailure(error: unknown): void {
  if (error instanceof ProblemError) answer({ type: 'problem', problem: error.problem });
  else if (error instanceof Error) answer({ type: 'failure', message: error.message, stack: error.stack ?? '' });
  else answer({ type: 'failure', message: String(error), stack: '' });
}

useMediaPrograms(programs);
await measureHere(APP_EXTRACTORS)
  .measure(kind, task, {
    signal: stop.signal,
    onTime: (time) => {
      answer({ type: 'time', time });
    },
  })
  .then((measured) => {
    answer({ type: 'measured', measured });
  }, answerFailure)
  .finally(() => {
    port.close();
  });
