import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../../../core/problems/problem.js';
import type { JobSnapshot } from '../../../electron/contract/types.js';
import type { RunOptions } from '../../../electron/host/hostClient.js';
import type { HostProgress } from '../../../electron/host/protocol.js';
import type { JobHost, JobRequest } from '../../../electron/jobs/jobs.js';
import { JobList } from '../../../electron/jobs/jobs.js';

interface Task {
  readonly kind: string;
  readonly options: RunOptions;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A host that answers when the test says so, and that ends a task as soon as it is cancelled, as the real one does. */
class ManualHost implements JobHost {
  readonly tasks: Task[] = [];
  run(kind: string, _argument: unknown, options: RunOptions): Promise<never> {
    return new Promise<never>((resolve, reject) => {
      this.tasks.push({ kind, options, resolve: resolve as (answer: unknown) => void, reject });
      options.signal?.addEventListener('abort', () => {
        reject(new DOMException('cancelled', 'AbortError'));
      });
    });
  }
  progress(index: number, progress: Partial<HostProgress>): void {
    this.tasks[index]!.options.onProgress?.({ step: 'Work', stepNumber: 1, stepCount: 2, ...progress });
  }
}

const exportRequest = (recordingId: string): JobRequest =>
  ({ kind: 'export', argument: { recordingId } }) as unknown as JobRequest;
const report = { folder: '/report', files: ['segments.csv'] };
const settle = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0);
};

let host: ManualHost;
let updates: JobSnapshot[];
let jobs: JobList;
const latest = (jobId: string): JobSnapshot => updates.findLast((update) => update.jobId === jobId)!;

beforeEach(() => {
  vi.useFakeTimers();
  host = new ManualHost();
  updates = [];
  jobs = new JobList(host, { onUpdate: (snapshot) => updates.push(snapshot), now: () => Date.now() });
});
afterEach(() => {
  jobs.dispose();
  vi.useRealTimers();
});

describe('job list', () => {
  it('pushes the state when a job starts and the result when it finishes', async () => {
    const id = jobs.start(exportRequest('rec-1'));
    expect(latest(id)).toMatchObject({ state: 'running', kind: 'export', recordingId: 'rec-1' });
    expect(latest(id)).not.toHaveProperty('fraction');
    vi.advanceTimersByTime(250);
    host.tasks[0]!.resolve(report);
    await settle();
    expect(latest(id)).toMatchObject({ state: 'finished', elapsedMs: 250, result: { kind: 'export', report } });
  });

  it('runs one heavy job at a time and the next when it ends', async () => {
    const first = jobs.start(exportRequest('rec-1'));
    const second = jobs.start(exportRequest('rec-2'));
    expect(host.tasks).toHaveLength(1);
    expect(latest(second).state).toBe('waiting');
    host.tasks[0]!.resolve(report);
    await settle();
    expect(latest(first).state).toBe('finished');
    expect(latest(second).state).toBe('running');
    expect(host.tasks).toHaveLength(2);
  });

  it('pushes at most ten times a second within a step, and never loses the last value', () => {
    const id = jobs.start(exportRequest('rec-1'));
    host.progress(0, { fraction: 0 });
    const before = updates.length;
    for (let step = 1; step <= 100; step += 1) {
      vi.advanceTimersByTime(10);
      host.progress(0, { fraction: step / 100 });
    }
    expect(updates.length - before).toBeLessThanOrEqual(10);
    vi.advanceTimersByTime(100);
    expect(latest(id).fraction).toBe(1);
  });

  it('pushes a new step at once', () => {
    const id = jobs.start(exportRequest('rec-1'));
    host.progress(0, { step: 'Decode' });
    host.progress(0, { step: 'Find faces', stepNumber: 2 });
    expect(latest(id)).toMatchObject({ step: 'Find faces', stepNumber: 2, stepCount: 2 });
  });

  it('keeps elapsed time moving while a step is silent', () => {
    const id = jobs.start(exportRequest('rec-1'));
    vi.advanceTimersByTime(1_000);
    expect(latest(id).elapsedMs).toBeGreaterThanOrEqual(1_000);
  });

  it('cancels a running job and starts the next one', async () => {
    const first = jobs.start(exportRequest('rec-1'));
    const second = jobs.start(exportRequest('rec-2'));
    jobs.cancel(first);
    expect(latest(first).state).toBe('cancelling');
    await settle();
    expect(latest(first).state).toBe('cancelled');
    expect(latest(second).state).toBe('running');
  });

  it('cancels a waiting job without ever running it', async () => {
    jobs.start(exportRequest('rec-1'));
    const second = jobs.start(exportRequest('rec-2'));
    jobs.cancel(second);
    expect(latest(second).state).toBe('cancelled');
    host.tasks[0]!.resolve(report);
    await settle();
    expect(host.tasks).toHaveLength(1);
  });

  it('shows no progress of a job that is being cancelled', () => {
    const id = jobs.start(exportRequest('rec-1'));
    jobs.cancel(id);
    host.progress(0, { step: 'Late step' });
    expect(latest(id)).toMatchObject({ state: 'cancelling' });
    expect(latest(id).step).not.toBe('Late step');
  });

  it('ignores a cancellation of an unknown or an ended job', async () => {
    jobs.cancel('job-unknown');
    const id = jobs.start(exportRequest('rec-1'));
    host.tasks[0]!.resolve(report);
    await settle();
    jobs.cancel(id);
    expect(latest(id).state).toBe('finished');
  });

  it('turns a crash of the host into a failed job with its Problem and goes on', async () => {
    const first = jobs.start(exportRequest('rec-1'));
    const second = jobs.start(exportRequest('rec-2'));
    const problem = { code: 'host.ended', severity: 'error', message: 'It ended.', tip: 'Run it again.' } as const;
    host.tasks[0]!.reject(new ProblemError(problem));
    await settle();
    expect(latest(first)).toMatchObject({ state: 'failed', failure: problem });
    expect(latest(second).state).toBe('running');
  });

  it('tells a bug in the host as a Problem with its message', async () => {
    const id = jobs.start(exportRequest('rec-1'));
    host.tasks[0]!.reject(new TypeError('x is undefined'));
    await settle();
    expect(latest(id).failure).toMatchObject({ code: 'job.failed', severity: 'error' });
    expect(latest(id).failure?.message).toContain('x is undefined');
  });
});
