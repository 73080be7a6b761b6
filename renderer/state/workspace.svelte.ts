import type { AnalysisParameters } from '../../core/analysis/analysis.js';
import { defaultParameters } from '../../core/analysis/defaultParameters.js';
import { analysisFingerprint } from '../../core/document/analysisFingerprint.js';
import { type AnnotationDocument, emptyDocument } from '../../core/document/annotationDocument.js';
import { mergeProposals } from '../../core/marks/editMarks.js';
import type { ReportOptions } from '../../core/report/reportOptions.js';
import { codingOf } from '../../core/tiers/coding.js';
import type { Problem } from '../../core/problems/problem.js';
import type {
  AppInfo,
  BundleSummary,
  JobSnapshot,
  OpenedRecording,
  OpenResult,
  PerceptionSummary,
} from '../../electron/contract/types.js';
import type { CallArgument, LacunaBridge } from '../../electron/contract/contract.js';
import { utcNow } from '../document/now.js';
import type { MediaInfo } from '../../core/recording/mediaInfo.js';
import type { RecordingEntry, StoredAnalysis } from '../store/database.js';
import type { RecordingStore } from '../store/recordingStore.js';
import { bundleIdFor, bundlesFor } from './bundleChoice.js';
import type { Editor } from './editor.svelte.js';

/** Setting that holds when the notice on intended use was read. */
const INTENDED_USE_READ = 'intendedUseReadUtc';

/** Code of the problem of a file whose content is not that of the recording. */
const REPLACED = 'media.replaced';

/** What the project on screen says of recordings, and who wants to know that one was opened. */
export interface WorkspaceStudy {
  /** A recording came on screen. */
  opened(info: MediaInfo): void;
  /** Recordings were opened by the person, known before or not. */
  added(recordingIds: readonly string[]): Promise<void>;
  /** The recording on screen, if there is one, makes place for another. */
  leaving(): void;
  /** Whether the file of a recording was found. */
  looked(recordingId: string, found: boolean): void;
  /** Parameters of a new recording; the program's own when undefined. */
  newParameters(): AnalysisParameters | undefined;
  /** Who, when and under which conditions, for a report. */
  reportOf(recordingId: string): Pick<CallArgument<'job/export'>, 'participant' | 'session' | 'conditions'>;
}

/** Work of a file that is only shown. */
export interface ShownWork {
  readonly recordingId: string;
  readonly document: AnnotationDocument | undefined;
  readonly analysis: StoredAnalysis | undefined;
}

export interface Refusal {
  readonly fileName: string;
  readonly problem: Problem;
}

/** The recordings, and what is known of the one on screen. The document itself is the editor's. */
export class Workspace {
  app = $state.raw<AppInfo>();
  entries = $state.raw<readonly RecordingEntry[]>([]);
  entry = $state.raw<RecordingEntry>();
  /** The open file; undefined while the recording is readable but its file is not there. */
  media = $state.raw<OpenedRecording>();
  fileProblem = $state.raw<Problem>();
  perception = $state.raw<PerceptionSummary>();
  analysis = $state.raw<StoredAnalysis>();
  refusals = $state.raw<readonly Refusal[]>([]);
  opening = $state(false);
  /** When the notice on intended use was read; undefined until then. */
  intendedUseReadUtc = $state<string>();
  /** False until the kept recordings were read; the empty state waits for it. */
  ready = $state(false);
  readonly info: MediaInfo | undefined = $derived(this.media?.info ?? this.entry?.info);

  /** Work of a file that is only shown; undefined while the database is. */
  private shown: readonly ShownWork[] | undefined;
  private readonly bridge: LacunaBridge;
  private readonly store: RecordingStore;
  private readonly editor: Editor;
  private readonly study: WorkspaceStudy;

  constructor(bridge: LacunaBridge, store: RecordingStore, editor: Editor, study: WorkspaceStudy) {
    this.bridge = bridge;
    this.store = store;
    this.editor = editor;
    this.study = study;
  }

  /** Bundles for the recording on screen: those of benchmarks read ready-made features, and the others never do. */
  get bundles(): readonly BundleSummary[] {
    return bundlesFor(this.app, this.info);
  }

  /** Bundle of a new document: the shipped one, unless only another one can be used. */
  get bundleId(): string {
    return bundleIdFor(this.app, this.info);
  }

  async start(): Promise<void> {
    this.entries = await this.store.list();
    this.intendedUseReadUtc = await this.store.setting(INTENDED_USE_READ);
    this.ready = true;
    this.app = await this.bridge.call('app/info');
  }

  async readIntendedUse(): Promise<void> {
    this.intendedUseReadUtc ??= utcNow();
    await this.store.saveSetting(INTENDED_USE_READ, this.intendedUseReadUtc);
  }

  /** Follows a deletion: what is gone leaves the screen, what was changed by it is shown anew. */
  async afterDeletion(recordingId: string, changed: readonly string[]): Promise<void> {
    if (this.entry?.recordingId === recordingId) await this.close();
    this.entries = await this.store.list();
    const { entry } = this;
    if (entry && !this.shown && changed.includes(entry.recordingId)) await this.show(entry, this.media);
  }

  /** Writes what is not written yet. */
  flush(): Promise<void> {
    return this.editor.flush();
  }

  /** Reads the list of recordings again. */
  async list(): Promise<void> {
    this.entries = await this.store.list();
  }

  /** Shows the recordings of a file instead of those of the database; nothing of them can be changed or is kept. */
  showOnly(entries: readonly RecordingEntry[], works: readonly ShownWork[], reason: string): void {
    this.shown = works;
    this.entries = entries;
    this.editor.readOnly = reason;
  }

  /** Takes the recording off the screen; its work is written first. */
  async close(): Promise<void> {
    await this.editor.flush();
    this.shown = undefined;
    this.editor.readOnly = undefined;
    this.entry = undefined;
    this.media = undefined;
    this.fileProblem = undefined;
    this.perception = undefined;
    this.analysis = undefined;
    this.entries = await this.store.list();
  }

  /** Opens through a dialog, a drop or the sample; every refused file is listed with its reason. */
  async open(request: () => Promise<readonly OpenResult[]>): Promise<void> {
    if (this.opening) return;
    this.opening = true;
    this.refusals = [];
    try {
      await this.take(await request());
    } catch (error) {
      this.refusals = [{ fileName: 'Opening', problem: unexpected(error) }];
    } finally {
      this.opening = false;
    }
  }

  /** Opens a recording of the rail again. Where its file is gone, the work stays readable. */
  async reopen(entry: RecordingEntry): Promise<void> {
    if (this.entry?.recordingId === entry.recordingId && this.media) return;
    await this.open(async () => {
      const result = await this.reopenFile(entry.recordingId);
      if (result.ok) return [result];
      await this.show(entry, undefined);
      this.fileProblem = result.problem;
      return [];
    });
  }

  /** Opens the file of a recording that is listed. */
  reopenFile(recordingId: string): Promise<OpenResult> {
    return this.bridge.call('recording/reopen', this.mediumOf(recordingId));
  }

  private mediumOf(recordingId: string): CallArgument<'recording/reopen'> {
    const entry = this.entries.find((item) => item.recordingId === recordingId);
    return { recordingId, ...(entry === undefined ? {} : { sizeBytes: entry.info.sizeBytes }) };
  }

  /** Asks for the file of the recording on screen; another file is refused with what differs. */
  async locate(): Promise<void> {
    const { entry } = this;
    if (!entry) return;
    await this.open(async () => {
      const located = await this.bridge.call('recording/locate', this.mediumOf(entry.recordingId));
      return located === null ? [] : [located];
    });
  }

  dismissRefusals(): void {
    this.refusals = [];
  }

  /** Starts perception of the recording on screen. */
  async perceive(): Promise<void> {
    const document = this.editor.document;
    if (!document) return;
    const { recordingId, cues, parameters } = document;
    await this.bridge.call('job/perceive', { recordingId, cues: [...cues], thresholds: parameters.thresholds });
  }

  /** Frame times and spectrogram of the recording on screen, made once and kept by the host. */
  async readTracks(recordingId: string): Promise<void> {
    if (this.entry?.recordingId !== recordingId || !this.media) return;
    // stepping falls back to the average frame rate, so a failure here is told by its job and stops nothing
    await this.bridge.call('job/tracks', { recordingId }).catch(() => undefined);
  }

  async analyze(): Promise<void> {
    if (this.editor.document) await this.analyzeWork(this.editor.document);
  }

  /** Starts the analysis of a document, on screen or not. */
  analyzeWork(document: AnnotationDocument): Promise<{ readonly jobId: string }> {
    const { recordingId, segments, marks, parameters } = document;
    this.analysed[recordingId] = analysisFingerprint(document);
    return this.bridge.call('job/analyze', { recordingId, segments: [...segments], marks: [...marks], parameters });
  }

  /** The work on an opened recording, on screen or not; new work is begun and kept. */
  async workOf(media: OpenedRecording): Promise<AnnotationDocument> {
    const { recordingId } = media;
    if (this.entry?.recordingId === recordingId && this.editor.document) return this.editor.document;
    const { document } = await this.store.load(recordingId);
    if (document) return document;
    const fresh = this.freshWork(entryOf(media), media);
    await this.store.saveDocument(fresh);
    return fresh;
  }

  private freshWork(entry: RecordingEntry, media: OpenedRecording | undefined): AnnotationDocument {
    const parameters = this.newParameters(entry.info);
    return {
      ...emptyDocument(entry.recordingId, entry.info.duration, parameters),
      cues: media?.transcript?.cues ?? [],
      transcriptProblems: media?.transcript?.problems ?? [],
    };
  }

  async exportReport(options: ReportOptions): Promise<void> {
    const document = this.editor.document;
    if (document) await this.bridge.call('job/export', await this.reportArgument(document, options));
  }

  /** What a report of a document is made from. */
  async reportArgument(document: AnnotationDocument, options: ReportOptions): Promise<CallArgument<'job/export'>> {
    const { recordingId, segments, marks, labels, reviews, reviewThreshold, parameters, transcriptProblems } = document;
    const perception =
      this.entry?.recordingId === recordingId ? this.perception : (await this.store.load(recordingId)).perception;
    return {
      recordingId,
      segments: [...segments],
      marks: [...marks],
      labels: [...labels],
      ...(reviews === undefined ? {} : { reviews: [...reviews] }),
      ...(reviewThreshold === undefined ? {} : { reviewThreshold }),
      parameters,
      problems: [...transcriptProblems, ...(perception?.problems ?? [])],
      options,
      ...codingOf(document),
      ...this.study.reportOf(recordingId),
      ...(this.intendedUseReadUtc === undefined ? {} : { intendedUseReadUtc: this.intendedUseReadUtc }),
    };
  }

  /** Takes over what a finished job made, for the recording on screen or for one in the background. */
  async takeResult(job: JobSnapshot): Promise<void> {
    const result = job.result;
    if (job.failure?.code === REPLACED && this.entry?.recordingId === job.recordingId) this.loseFile(job.failure);
    if (result?.kind === 'perceive') await this.takePerception(job.recordingId, result.summary);
    if (result?.kind !== 'analyze') return;
    const record: StoredAnalysis = {
      recordingId: job.recordingId,
      fingerprint: this.analysed[job.recordingId] ?? '',
      finishedUtc: utcNow(),
      analysis: result.analysis,
    };
    if (this.entry?.recordingId === job.recordingId) this.analysis = record;
    await this.store.saveAnalysis(record);
  }

  /** The file on screen is not the one that the work was made on: it leaves the screen, the work stays readable. */
  private loseFile(problem: Problem): void {
    this.media = undefined;
    this.fileProblem = problem;
    if (this.entry) this.study.looked(this.entry.recordingId, false);
  }

  /** Fingerprints of the documents under analysis, by recording. */
  private readonly analysed: Record<string, string> = {};

  private async takePerception(recordingId: string, summary: PerceptionSummary): Promise<void> {
    const current = this.entry?.recordingId === recordingId;
    const document = current ? this.editor.document : (await this.store.load(recordingId)).document;
    if (current) this.perception = summary;
    await this.store.savePerception(recordingId, summary);
    if (!document) return;
    // Decoding may find more than the container's headers promise.
    const merged = mergeProposals({ ...document, duration: summary.info.duration }, summary.proposals);
    const next: AnnotationDocument =
      document.segments.length === 0 ? { ...merged, segments: summary.segments } : merged;
    if (!current) await this.store.saveDocument(next);
    else if (JSON.stringify(next) !== JSON.stringify(document)) this.editor.replace(next);
  }

  private async take(results: readonly OpenResult[]): Promise<void> {
    const refused = results.flatMap((result) =>
      result.ok ? [] : [{ fileName: result.fileName, problem: result.problem }],
    );
    const opened = results.flatMap((result) => (result.ok ? [result.recording] : []));
    if (refused.length > 0) this.refusals = refused;
    const shownLast = opened.at(-1);
    if (this.shown) {
      if (this.shown.some((work) => work.recordingId === shownLast?.recordingId) && shownLast)
        await this.show(entryOf(shownLast), shownLast);
      return;
    }
    for (const recording of opened) await this.store.touch(entryOf(recording));
    if (opened.length > 0) await this.study.added(opened.map(({ recordingId }) => recordingId));
    const last = opened.at(-1);
    if (last) {
      await this.show(entryOf(last), last);
      this.entries = await this.store.list();
      await this.perceive();
    }
  }

  /** Parameters of a new document: the project's, with a bundle that can read this kind of recording. */
  private newParameters(info: MediaInfo): AnalysisParameters {
    const bundleId = bundleIdFor(this.app, info);
    const own = this.study.newParameters() ?? defaultParameters(bundleId);
    return bundlesFor(this.app, info).some(({ id }) => id === own.bundleId) ? own : { ...own, bundleId };
  }

  private async show(entry: RecordingEntry, media: OpenedRecording | undefined): Promise<void> {
    await this.editor.flush();
    this.study.leaving();
    const stored = this.shown
      ? {
          perception: undefined,
          document: undefined,
          analysis: undefined,
          ...this.shown.find((work) => work.recordingId === entry.recordingId),
        }
      : await this.store.load(entry.recordingId);
    this.entry = entry;
    this.media = media;
    this.fileProblem = undefined;
    this.perception = stored.perception;
    this.analysis = stored.analysis;
    await this.editor.open(stored.document ?? this.freshWork(entry, media));
    this.study.looked(entry.recordingId, media !== undefined);
    this.study.opened(entry.info);
  }
}

function entryOf(recording: OpenedRecording): RecordingEntry {
  const { recordingId, fileName, info } = recording;
  return { recordingId, fileName, info, lastOpenedUtc: utcNow() };
}

function unexpected(error: unknown): Problem {
  return {
    code: 'page.call_failed',
    severity: 'error',
    message: error instanceof Error ? error.message : 'The file could not be opened.',
    tip: 'Try again. If it fails again, check that the file opens in another player.',
  };
}
