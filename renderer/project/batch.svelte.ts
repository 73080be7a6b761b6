import { analysisFingerprint } from '../../core/document/analysisFingerprint.js';
import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import type { BatchResult, BatchRow } from '../../core/report/batchLog.js';
import { DEFAULT_REPORT_OPTIONS } from '../../core/report/reportOptions.js';
import type { LacunaBridge } from '../../electron/contract/contract.js';
import type { OpenedRecording } from '../../electron/contract/types.js';
import type { Jobs } from '../state/jobs.svelte.js';
import type { Workspace } from '../state/workspace.svelte.js';
import type { RecordingStore } from '../store/recordingStore.js';
import type { Projects } from './projects.svelte.js';

/** One recording of the batch, while it runs and after. */
export interface BatchItem {
  readonly recordingId: string;
  readonly state: 'waiting' | 'running' | BatchResult;
  readonly step: string;
  readonly reason?: string;
  readonly estimated?: number;
  readonly segments?: number;
  readonly folder?: string;
}

interface Parts {
  readonly bridge: LacunaBridge;
  readonly store: RecordingStore;
  readonly workspace: Workspace;
  readonly projects: Projects;
  readonly jobs: () => Jobs;
  /** Whether the file of a recording was found. */
  readonly onFile: (recordingId: string, found: boolean) => void;
}

/** Why a recording got no report; the batch goes on with the next. */
class StepFailed extends Error {}

/** Runs perception, recovery and report for many recordings, one after the other, and writes a log of what came of each. */
export class Batch {
  items = $state.raw<readonly BatchItem[]>([]);
  running = $state(false);
  /** Files at the top of the batch's folder, when it has ended. */
  written = $state.raw<readonly string[]>([]);
  folderName = $state('');
  batchId = $state<string>();
  private cancelled = false;
  private jobId: string | undefined;
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  readonly failed: readonly BatchItem[] = $derived(
    this.items.filter(({ state }) => state === 'failed' || state === 'not run'),
  );

  /** Puts the recordings of the project into the list, unless a batch runs. */
  prepare(): void {
    if (this.running) return;
    const ids = this.parts.projects.current?.recordings.map((item) => item.recordingId) ?? [];
    const unchanged = ids.length === this.items.length && ids.every((id, at) => this.items[at]?.recordingId === id);
    if (unchanged && this.batchId !== undefined) return;
    this.batchId = undefined;
    this.written = [];
    this.items = ids.map((recordingId) => ({ recordingId, state: 'waiting', step: '' }));
  }

  /** Asks for a folder and runs all recordings. */
  async start(): Promise<void> {
    const projectId = this.parts.projects.current?.id;
    if (this.running || projectId === undefined) return;
    const begun = await this.parts.bridge.call('batch/begin', { projectId });
    if (!begun) return;
    this.batchId = begun.batchId;
    this.folderName = begun.folderName;
    await this.run(this.items.map((item) => item.recordingId));
  }

  /** Runs those again that failed or were not run, into the same folder. */
  async retry(): Promise<void> {
    if (!this.running && this.batchId !== undefined) await this.run(this.failed.map((item) => item.recordingId));
  }

  async cancel(): Promise<void> {
    this.cancelled = true;
    if (this.jobId !== undefined) await this.parts.bridge.call('job/cancel', { jobId: this.jobId });
  }

  private async run(recordingIds: readonly string[]): Promise<void> {
    this.running = true;
    this.cancelled = false;
    this.written = [];
    try {
      for (const recordingId of recordingIds) this.set(recordingId, { state: 'waiting', step: '' });
      for (const recordingId of recordingIds) {
        if (this.cancelled) this.set(recordingId, { state: 'not run', step: '', reason: 'The batch was cancelled.' });
        else await this.runOne(recordingId);
      }
      if (this.batchId !== undefined) {
        const call = { batchId: this.batchId, rows: this.items.map((item) => this.rowOf(item)) };
        this.written = (await this.parts.bridge.call('batch/finish', call)).files;
      }
    } finally {
      this.running = false;
      this.jobId = undefined;
    }
  }

  private async runOne(recordingId: string): Promise<void> {
    const step = (words: string) => this.set(recordingId, { state: 'running', step: words });
    try {
      step('Open the file');
      const opened = await this.parts.workspace.reopenFile(recordingId);
      this.parts.onFile(recordingId, opened.ok);
      if (!opened.ok) throw new StepFailed(opened.problem.message);
      step('Find marks');
      const document = await this.perceived(recordingId, opened.recording);
      step('Run recovery');
      const results = await this.analysed(document);
      step('Write the report');
      await this.exported(document);
      const { estimated, segments, errors } = results;
      const reasons = [
        ...(estimated < segments ? [`${segments - estimated} of ${segments} segments have no estimate`] : []),
        ...errors,
      ];
      const done = { estimated, segments, folder: recordingId, step: 'Write the report' };
      if (reasons.length === 0) this.set(recordingId, { state: 'ok', ...done });
      else this.set(recordingId, { state: 'partial', ...done, reason: `${reasons.join('; ')}.` });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const at = this.items.find((item) => item.recordingId === recordingId)?.step ?? '';
      this.set(recordingId, { state: this.cancelled ? 'not run' : 'failed', step: at, reason });
    }
  }

  /** The recording's work with segments and proposals; measured first where it was not. */
  private async perceived(recordingId: string, media: OpenedRecording): Promise<AnnotationDocument> {
    const { workspace, bridge, store } = this.parts;
    const document = await workspace.workOf(media);
    if ((await store.load(recordingId)).perception && document.segments.length > 0) return document;
    const { cues, parameters } = document;
    const call = { recordingId, cues: [...cues], thresholds: parameters.thresholds };
    await this.end(() => bridge.call('job/perceive', call));
    const perceived = await workspace.workOf(media);
    if (perceived.segments.length === 0) throw new StepFailed('Nothing was found to cut into segments.');
    return perceived;
  }

  /** Results of this very work: those that are kept, else a new run. */
  private async analysed(document: AnnotationDocument) {
    const { workspace, store } = this.parts;
    const kept = (await store.load(document.recordingId)).analysis;
    if (kept?.fingerprint !== analysisFingerprint(document)) await this.end(() => workspace.analyzeWork(document));
    const analysis = (await store.load(document.recordingId)).analysis?.analysis;
    if (!analysis) throw new StepFailed('The results could not be kept.');
    return {
      segments: analysis.results.length,
      estimated: analysis.results.filter((result) => result.estimate !== undefined).length,
      errors: analysis.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message),
    };
  }

  private async exported(document: AnnotationDocument): Promise<void> {
    const { workspace, bridge } = this.parts;
    const argument = await workspace.reportArgument(document, DEFAULT_REPORT_OPTIONS);
    await this.end(() => bridge.call('batch/export', { batchId: this.batchId ?? '', ...argument }));
  }

  /** Runs a job; the next step finds what it made. */
  private async end(begin: () => Promise<{ readonly jobId: string }>): Promise<void> {
    const job = await this.parts.jobs().run(begin, ({ jobId }) => {
      this.jobId = jobId;
      // the batch was cancelled while the job began
      if (this.cancelled) void this.cancel();
    });
    // whoever cancels the job of a recording means this recording; the batch has a button of its own
    if (job?.state === 'cancelled') throw new StepFailed('Cancelled.');
    if (job?.state === 'failed') throw new StepFailed(job.failure?.message ?? 'The job failed.');
  }

  private set(recordingId: string, part: Omit<BatchItem, 'recordingId'>): void {
    this.items = this.items.map((item) => (item.recordingId === recordingId ? { recordingId, ...part } : item));
  }

  private rowOf({ recordingId, state, step, reason, estimated, segments, folder }: BatchItem): BatchRow {
    const { participant, session } = this.parts.projects.reportOf(recordingId);
    return {
      recordingId,
      ...(participant === undefined ? {} : { participant }),
      ...(session === undefined ? {} : { session }),
      result: state === 'waiting' || state === 'running' ? 'not run' : state,
      step,
      ...(reason === undefined ? {} : { reason }),
      ...(estimated === undefined ? {} : { estimated }),
      ...(segments === undefined ? {} : { segments }),
      ...(folder === undefined ? {} : { folder }),
    };
  }
}
