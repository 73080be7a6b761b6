import { randomUUID } from 'node:crypto';
import type { Problem } from '../../core/problems/problem.js';
import { ProblemError } from '../../core/problems/problem.js';
import type { JobKind, JobSnapshot, JobState } from '../contract/types.js';
import type { RunOptions } from '../host/hostClient.js';
import type { HostAnswer, HostArgument, HostProgress } from '../host/protocol.js';

/** Shortest time between two pushes of one job while its state and step stay the same, milliseconds. */
const PUSH_INTERVAL_MS = 100;
/** A running job is pushed at least this often, so that elapsed time moves while a step is silent, milliseconds. */
const HEARTBEAT_MS = 500;
/** Finished jobs remembered for `report/reveal` and late questions. */
const KEPT_JOBS = 50;

/** What the job list needs of the analysis host. */
export interface JobHost {
  run<K extends JobKind>(kind: K, argument: HostArgument<K>, options: RunOptions): Promise<HostAnswer<K>>;
}

/** A job to do: its kind and the host's argument of that kind. */
export type JobRequest = { [K in JobKind]: { readonly kind: K; readonly argument: HostArgument<K> } }[JobKind];

export interface JobListOptions {
  readonly onUpdate: (snapshot: JobSnapshot) => void;
  /** Clock in milliseconds; a test brings its own. */
  readonly now?: () => number;
}

interface Job {
  readonly id: string;
  readonly request: JobRequest;
  readonly abort: AbortController;
  readonly createdAt: number;
  startedAt?: number;
  endedAt?: number;
  state: JobState;
  progress: HostProgress;
  lastPush: number;
  failure?: Problem;
  result?: NonNullable<JobSnapshot['result']>;
  trailing?: ReturnType<typeof setTimeout>;
  heartbeat?: ReturnType<typeof setInterval>;
}

/** Jobs of one lane wait for each other, those of the other one do not: a project is saved while a recording is measured. */
type Lane = 'analysis' | 'files';
const FILE_JOBS: ReadonlySet<JobKind> = new Set(['openProject', 'saveProject', 'packProject', 'preview']);

/** Lane of a kind of job; each lane has a host process of its own. */
export const laneOf = (kind: JobKind): Lane => (FILE_JOBS.has(kind) ? 'files' : 'analysis');

/**
 * The jobs of a session. One job of a lane runs at a time, the others wait in order. A job that fails for expected reasons
 * carries the Problem; the list goes on with the next.
 */
export class JobList {
  readonly #host: JobHost;
  readonly #onUpdate: (snapshot: JobSnapshot) => void;
  readonly #now: () => number;
  readonly #jobs = new Map<string, Job>();
  readonly #waiting: Job[] = [];
  readonly #running = new Map<Lane, Job>();

  constructor(host: JobHost, options: JobListOptions) {
    this.#host = host;
    this.#onUpdate = options.onUpdate;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Puts a job at the end of the list and returns its id. Updates come through `onUpdate`, the first one at once. */
  start(request: JobRequest): string {
    const job: Job = {
      id: `job-${randomUUID()}`,
      request,
      abort: new AbortController(),
      createdAt: this.#now(),
      state: 'waiting',
      progress: { step: 'Wait for the running job', stepNumber: 0, stepCount: 0 },
      lastPush: 0,
    };
    this.#jobs.set(job.id, job);
    this.#waiting.push(job);
    const lane = laneOf(request.kind);
    if (this.#running.has(lane)) this.#push(job);
    this.#next(lane);
    return job.id;
  }

  /** Cancels a job; an unknown or ended one is left as it is. */
  cancel(jobId: string): void {
    const job = this.#jobs.get(jobId);
    if (job?.state === 'waiting') {
      this.#waiting.splice(this.#waiting.indexOf(job), 1);
      this.#end(job, 'cancelled');
    } else if (job?.state === 'running') {
      job.state = 'cancelling';
      this.#push(job);
      job.abort.abort();
    }
  }

  /** Latest state of a job of this session. */
  snapshot(jobId: string): JobSnapshot | undefined {
    const job = this.#jobs.get(jobId);
    return job === undefined ? undefined : this.#snapshotOf(job);
  }

  /** Cancels everything; for the end of the app. */
  dispose(): void {
    for (const job of [...this.#waiting]) this.cancel(job.id);
    for (const job of this.#running.values()) {
      this.cancel(job.id);
      clearInterval(job.heartbeat);
    }
  }

  #next(lane: Lane): void {
    if (this.#running.has(lane)) return;
    const job = this.#waiting.find(({ request }) => laneOf(request.kind) === lane);
    if (job === undefined) return;
    this.#waiting.splice(this.#waiting.indexOf(job), 1);
    this.#running.set(lane, job);
    job.state = 'running';
    job.startedAt = this.#now();
    job.progress = { step: 'Start the analysis process', stepNumber: 0, stepCount: 0 };
    this.#push(job);
    job.heartbeat = setInterval(() => {
      if (this.#now() - job.lastPush >= HEARTBEAT_MS) this.#push(job);
    }, HEARTBEAT_MS);
    void this.#run(job);
  }

  async #run(job: Job): Promise<void> {
    const { request } = job;
    const options: RunOptions = {
      signal: job.abort.signal,
      onProgress: (progress) => {
        this.#advance(job, progress);
      },
    };
    try {
      job.result = await resultOf(this.#host, request, options);
      this.#end(job, 'finished');
    } catch (error) {
      if (job.abort.signal.aborted) {
        this.#end(job, 'cancelled');
      } else {
        job.failure = failureOf(error);
        this.#end(job, 'failed');
      }
    } finally {
      clearInterval(job.heartbeat);
      const lane = laneOf(request.kind);
      this.#running.delete(lane);
      this.#next(lane);
    }
  }

  #advance(job: Job, progress: HostProgress): void {
    if (job.state !== 'running') return;
    const newStep = progress.step !== job.progress.step || progress.stepNumber !== job.progress.stepNumber;
    job.progress = progress;
    const wait = job.lastPush + PUSH_INTERVAL_MS - this.#now();
    if (newStep || wait <= 0) {
      this.#push(job);
    } else {
      job.trailing ??= setTimeout(() => {
        this.#push(job);
      }, wait);
    }
  }

  #end(job: Job, state: 'finished' | 'failed' | 'cancelled'): void {
    job.state = state;
    job.endedAt = this.#now();
    this.#push(job);
    const ended = [...this.#jobs.values()].filter((other) => other.endedAt !== undefined);
    for (const old of ended.slice(0, -KEPT_JOBS)) this.#jobs.delete(old.id);
  }

  #push(job: Job): void {
    clearTimeout(job.trailing);
    delete job.trailing;
    job.lastPush = this.#now();
    this.#onUpdate(this.#snapshotOf(job));
  }

  #snapshotOf(job: Job): JobSnapshot {
    const { step, stepNumber, stepCount, fraction } = job.progress;
    return {
      jobId: job.id,
      kind: job.request.kind,
      recordingId: 'recordingId' in job.request.argument ? job.request.argument.recordingId : '',
      state: job.state,
      step,
      stepNumber,
      stepCount,
      ...(fraction === undefined ? {} : { fraction }),
      elapsedMs: Math.max(0, (job.endedAt ?? this.#now()) - (job.startedAt ?? job.createdAt)),
      problems: problemsOf(job.result),
      ...(job.failure === undefined ? {} : { failure: job.failure }),
      ...(job.result === undefined ? {} : { result: job.result }),
    };
  }
}

async function resultOf(
  host: JobHost,
  request: JobRequest,
  options: RunOptions,
): Promise<NonNullable<JobSnapshot['result']>> {
  switch (request.kind) {
    case 'perceive':
      return { kind: 'perceive', summary: await host.run('perceive', request.argument, options) };
    case 'analyze':
      return { kind: 'analyze', analysis: await host.run('analyze', request.argument, options) };
    case 'whatIf':
      return { kind: 'whatIf', whatIf: await host.run('whatIf', request.argument, options) };
    case 'learn':
      return { kind: 'learn', readout: await host.run('learn', request.argument, options) };
    case 'selfTest':
      return { kind: 'selfTest', selfTest: await host.run('selfTest', request.argument, options) };
    case 'tracks':
      return { kind: 'tracks', tracks: await host.run('tracks', request.argument, options) };
    case 'import':
      return { kind: 'import', file: await host.run('import', request.argument, options) };
    case 'exportAs':
      return { kind: 'exportAs', fileName: await host.run('exportAs', request.argument, options) };
    case 'agreement':
      return { kind: 'agreement', agreement: await host.run('agreement', request.argument, options) };
    case 'ratings':
      return { kind: 'ratings', sources: await host.run('ratings', request.argument, options) };
    case 'repeat':
      return { kind: 'repeat', outcome: await host.run('repeat', request.argument, options) };
    case 'openProject':
      return { kind: 'openProject', opened: (await host.run('openProject', request.argument, options)).opened };
    case 'saveProject':
      return { kind: 'saveProject', saved: (await host.run('saveProject', request.argument, options)).saved };
    case 'packProject':
      return { kind: 'packProject', ...(await host.run('packProject', request.argument, options)) };
    case 'preview':
      return { kind: 'preview', files: await host.run('preview', request.argument, options) };
    case 'export':
      return { kind: 'export', report: await host.run('export', request.argument, options) };
  }
}

function problemsOf(result: JobSnapshot['result']): readonly Problem[] {
  if (result?.kind === 'perceive') return result.summary.problems;
  if (result?.kind === 'import') return result.file.problems;
  if (result?.kind === 'whatIf') return result.whatIf.problems;
  if (result?.kind === 'selfTest') return result.selfTest.problems;
  if (result?.kind === 'packProject') return result.problems;
  if (result?.kind === 'saveProject' && !result.saved.changed) return result.saved.problems;
  if (result?.kind === 'ratings') return result.sources.flatMap(({ problems }) => problems);
  return result?.kind === 'analyze' ? result.analysis.problems : [];
}

function failureOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    code: 'job.failed',
    severity: 'error',
    message: `The job stopped with an error: ${error instanceof Error ? error.message : String(error)}.`,
    tip: 'Run it again. If it stops at the same place, report this message with the version of Lacuna.',
  };
}
