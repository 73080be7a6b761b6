import type { LacunaBridge } from '../../electron/contract/contract.js';
import type { JobSnapshot } from '../../electron/contract/types.js';
import { jobSentence } from '../words.js';

function isActive(job: JobSnapshot): boolean {
  return job.state === 'running' || job.state === 'waiting' || job.state === 'cancelling';
}

/** Who wants to know of jobs. */
export interface JobListener {
  began(job: JobSnapshot): void;
  /** Called once per job, with its result; done when what the job made is kept. */
  ended(job: JobSnapshot): Promise<void>;
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
  /** The preview of a report under way; it is no job of the list. */
  preview = $state.raw<JobSnapshot>();
  /** Time at which each job's last snapshot came, for a clock that goes on between snapshots. */
  private readonly receivedAt: Record<string, number> = {};
  /** Calls under way that begin a job, and what ended meanwhile: its id comes with the answer. */
  private starting = 0;
  private endedEarly: readonly JobSnapshot[] = [];
  private readonly waiting: Record<string, (job: JobSnapshot) => void> = {};
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

  /**
   * Begins a job and waits for its end and for what it made to be kept.
   * @param begin the call that answers with the job's id; null when the person cancelled a dialog.
   * @param began learns the id.
   */
  async run<T extends { readonly jobId: string }>(
    begin: () => Promise<T | null>,
    began: (answer: T) => void = () => undefined,
  ): Promise<JobSnapshot | null> {
    const begun = await this.begin(begin);
    if (begun === null) return null;
    began(begun.answer);
    return begun.end;
  }

  /** The answer of the call that begins a job, and the end of the job, which may have come first. */
  private async begin<T extends { readonly jobId: string }>(call: () => Promise<T | null>) {
    this.starting += 1;
    try {
      const answer = await call();
      if (answer === null) return null;
      const { jobId } = answer;
      const early = this.endedEarly.find((job) => job.jobId === jobId);
      // waited for before this turn ends: an end may be told in the very next one
      const end = early
        ? Promise.resolve(early)
        : new Promise<JobSnapshot>((resolve) => (this.waiting[jobId] = resolve));
      return { answer, end };
    } finally {
      this.starting -= 1;
      if (this.starting === 0) this.endedEarly = [];
    }
  }

  async cancel(jobId: string): Promise<void> {
    await this.bridge.call('job/cancel', { jobId });
  }

  private receive(job: JobSnapshot): void {
    this.receivedAt[job.jobId] = Date.now();
    if (job.kind === 'preview') {
      // the window that shows it tells how far it is
      this.preview = job.state === 'running' ? job : undefined;
      if (!isActive(job)) this.end(job);
      return;
    }
    const before = this.all.find((known) => known.jobId === job.jobId);
    this.all = before
      ? this.all.map((known) => (known === before ? withoutResult(job) : known))
      : [...this.all, withoutResult(job)];
    const told = job.kind !== 'tracks' || job.state === 'failed';
    if (told && (before?.state !== job.state || before.step !== job.step)) this.listener.say(jobSentence(job));
    if (!before) this.listener.began(job);
    if (!isActive(job) && (!before || isActive(before))) void this.listener.ended(job).then(() => this.end(job));
  }

  private end(job: JobSnapshot): void {
    const waiting = this.waiting[job.jobId];
    delete this.waiting[job.jobId];
    if (waiting) waiting(job);
    else if (this.starting > 0) this.endedEarly = [...this.endedEarly, job];
  }
}

/** Kinds whose results say where files are. */
const KEPT_RESULTS: readonly JobSnapshot['kind'][] = ['export', 'repeat', 'packProject'];

/** Results live in the workspace and the database; a job list that held them too would keep every old one in memory. */
function withoutResult(job: JobSnapshot): JobSnapshot {
  if (!job.result || KEPT_RESULTS.includes(job.result.kind)) return job;
  const copy: { -readonly [K in keyof JobSnapshot]: JobSnapshot[K] } = { ...job };
  delete copy.result;
  return copy;
}
