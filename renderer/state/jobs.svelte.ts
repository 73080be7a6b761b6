import type { LacunaBridge } from '../../electron/contract/contract.js';
import type { JobSnapshot } from '../../electron/contract/types.js';
import { jobSentence } from '../words.js';

function isActive(job: JobSnapshot): boolean {
  return job.state === 'running' || job.state === 'waiting' || job.state === 'cancelling';
}

/** Who wants to know of jobs. */
export interface JobListener {
  began(job: JobSnapshot): void;
  /** Called once per job, with its result. */
  ended(job: JobSnapshot): void;
  /** A sentence for the live region. */
  say(message: string): void;
}

/** The jobs of this session, in the order they began. */
export class Jobs {
  all = $state.raw<readonly JobSnapshot[]>([]);
  readonly active = $derived(this.all.filter(isActive));
  readonly ended = $derived(this.all.filter((job) => !isActive(job)).reverse());
  /** Running, else waiting job to show in the chip. */
  readonly current = $derived(this.active.find((job) => job.state !== 'waiting') ?? this.active[0]);
  /** Time at which each job's last snapshot came, for a clock that goes on between snapshots. */
  private readonly receivedAt: Record<string, number> = {};
  private readonly stopListening: () => void;

  private readonly bridge: LacunaBridge;
  private readonly listener: JobListener;

  constructor(bridge: LacunaBridge, listener: JobListener) {
    this.bridge = bridge;
    this.listener = listener;
    this.stopListening = bridge.on('job/update', (job) => this.receive(job));
  }

  dispose(): void {
    this.stopListening();
  }

  activeOf(recordingId: string | undefined, kind: JobSnapshot['kind']): JobSnapshot | undefined {
    return this.active.find((job) => job.recordingId === recordingId && job.kind === kind);
  }

  /** Elapsed time now, ms. */
  elapsed(job: JobSnapshot, now: number): number {
    const received = this.receivedAt[job.jobId];
    return isActive(job) && received !== undefined ? job.elapsedMs + Math.max(0, now - received) : job.elapsedMs;
  }

  async cancel(jobId: string): Promise<void> {
    await this.bridge.call('job/cancel', { jobId });
  }

  private receive(job: JobSnapshot): void {
    this.receivedAt[job.jobId] = Date.now();
    const before = this.all.find((known) => known.jobId === job.jobId);
    this.all = before
      ? this.all.map((known) => (known === before ? withoutResult(job) : known))
      : [...this.all, withoutResult(job)];
    const told = job.kind !== 'tracks' || job.state === 'failed';
    if (told && (before?.state !== job.state || before.step !== job.step)) this.listener.say(jobSentence(job));
    if (!before) this.listener.began(job);
    if (!isActive(job) && (!before || isActive(before))) this.listener.ended(job);
  }
}

/** Results live in the workspace and the database; a job list that held them too would keep every old one in memory. */
function withoutResult(job: JobSnapshot): JobSnapshot {
  if (!job.result || job.result.kind === 'export' || job.result.kind === 'repeat') return job;
  const copy: { -readonly [K in keyof JobSnapshot]: JobSnapshot[K] } = { ...job };
  delete copy.result;
  return copy;
}
