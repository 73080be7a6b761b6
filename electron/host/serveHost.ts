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

/** The host's end of the border. */
export interface HostEndpoint {
  postMessage(message: HostReply): void;
  onMessage(callback: (message: HostRequest) => void): void;
}

export interface TaskContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: HostProgress) => void;
}

/** What the host can do, one function per task. */
export type HostTaskTable = {
  readonly [K in HostTaskKind]: (argument: HostArgument<K>, context: TaskContext) => Promise<HostAnswer<K>>;
};

/** Answers requests until the process ends. Tasks may run at the same time; each has its own signal. */
export function serveHost(endpoint: HostEndpoint, tasks: Partial<HostTaskTable>): void {
  const running = new Map<number, AbortController>();
  endpoint.onMessage((message) => {
    if (message.type === 'cancel') {
      running.get(message.id)?.abort();
      return;
    }
    const { id } = message;
    const controller = new AbortController();
    running.set(id, controller);
    const context: TaskContext = {
      signal: controller.signal,
      onProgress: (progress) => {
        endpoint.postMessage({ type: 'progress', id, progress });
      },
    };
    runTask(tasks, message, context)
      .then(
        (answer) => {
          endpoint.postMessage({ type: 'result', id, answer });
        },
        (error: unknown) => {
          endpoint.postMessage({ type: 'failure', id, failure: failureOf(error, controller.signal) });
        },
      )
      .finally(() => running.delete(id));
  });
}

type RunRequest = Extract<HostRequest, { type: 'run' }>;

async function runTask(
  tasks: Partial<HostTaskTable>,
  request: RunRequest,
  context: TaskContext,
): Promise<HostAnswer<HostTaskKind>> {
  // The pairing of kind and argument is checked where the request is typed; the table loses it.
  const task = tasks[request.kind] as
    ((argument: unknown, context: TaskContext) => Promise<HostAnswer<HostTaskKind>>) | undefined;
  if (!task) throw new Error(`This host has no task ${request.kind}.`);
  return task(request.argument, context);
}

function failureOf(error: unknown, signal: AbortSignal): HostFailure {
  if (signal.aborted) return { cancelled: true };
  if (error instanceof ProblemError) return { problem: error.problem };
  if (error instanceof Error) return { message: error.message, stack: error.stack ?? error.message };
  return { message: String(error), stack: '' };
}
