import { createContext } from 'svelte';
import { codingOf } from '../../core/tiers/coding.js';
import type { RatedWork } from '../../core/agreement/ratingsOfWork.js';
import { analysisFingerprint } from '../../core/document/analysisFingerprint.js';
import type { RaterLabel } from '../../core/labels/label.js';
import type { CorruptionMark } from '../../core/marks/mark.js';
import { distinctProblems } from '../../core/problems/distinctProblems.js';
import type { Problem } from '../../core/problems/problem.js';
import type { MediaInfo } from '../../core/recording/mediaInfo.js';
import { MODALITIES, type Modality } from '../../core/recording/modality.js';
import type { SegmentResult } from '../../core/recovery/estimate.js';
import type { Segment } from '../../core/segments/segment.js';
import { microseconds, type TimeRange } from '../../core/time/microseconds.js';
import type { LacunaBridge } from '../../electron/contract/contract.js';
import { withSchemeKeys } from '../commands/schemeKeys.js';
import type { KeyTable } from '../commands/keyHandler.js';
import type { LacunaDatabase } from '../store/database.js';
import { HistoryStore, type Recovered } from '../store/historyStore.js';
import { LearnedStore } from '../store/learnedStore.js';
import { RecordingStore } from '../store/recordingStore.js';
import { utcNow } from '../document/now.js';
import { FIRST_RATER, raterProblem } from '../document/rater.js';
import type { SpectrogramTiles } from '../timeline/spectrogramTiles.js';
import { type Stack, stackLanes } from '../timeline/stackLanes.js';
import {
  bySegment,
  groupByRater,
  marksByModality,
  numberSegments,
  sortByStart,
  type SortedItems,
  type TimelineModel,
} from '../timeline/timelineModel.js';
import { centreOn, ensureVisible, fitViewport, type Viewport } from '../timeline/viewport.js';
import { progressOf, RecordingProgress } from '../project/recordingProgress.svelte.js';
import { Batch } from '../project/batch.svelte.js';
import { ProjectFiles } from '../project/projectFiles.svelte.js';
import { Projects } from '../project/projects.svelte.js';
import { ProjectStore } from '../store/projectStore.js';
import { AnnotationFiles } from '../interchange/annotationFiles.svelte.js';
import { Coding } from './coding.svelte.js';
import { Agreements } from './agreements.svelte.js';
import { Compare } from '../compare/compare.svelte.js';
import { SelfTestStore } from '../store/selfTestStore.js';
import { bundleChangeWords, selfTestStaleWords } from '../compare/bundleChange.js';
import { Editor } from './editor.svelte.js';
import { Jobs } from './jobs.svelte.js';
import { Keymap } from './keymap.svelte.js';
import { LiveMarking } from './liveMarking.svelte.js';
import { Learning } from './learning.svelte.js';
import { type NextStep, nextStepOf } from './nextStep.js';
import { Player } from './player.svelte.js';
import { Review } from './review.svelte.js';
import { Selection } from './selection.svelte.js';
import { StoredData } from './storedData.js';
import { jobBegan, takeJob } from './takeJob.js';
import { Theme } from './theme.svelte.js';
import { TraceRecorder } from './traceRecorder.svelte.js';
import { View } from './view.svelte.js';
import { Workspace } from './workspace.svelte.js';

/** Everything the page knows, wired together. Components reach it through the context. */
export class Workbench {
  readonly view = new View();
  readonly selection = new Selection();
  readonly player = new Player();
  readonly theme: Theme;
  readonly keymap: Keymap;
  readonly editor: Editor;
  readonly workspace: Workspace;
  readonly stored: StoredData;
  readonly annotationFiles: AnnotationFiles;
  readonly jobs: Jobs;
  readonly learning: Learning;
  readonly projects: Projects;
  readonly progress: RecordingProgress;
  readonly projectFiles: ProjectFiles;
  readonly compare: Compare;
  readonly batch: Batch;
  /** Work that a session left behind which was not closed; told until it is dismissed. */
  recovered = $state.raw<readonly Recovered[]>([]);
  private readonly history: HistoryStore;
  private readonly saveSetting: (key: string, value: string) => void;
  /** Pictures of the sound; undefined until they were made. */
  spectrogram = $state.raw<SpectrogramTiles>();
  /** Grows with every tile that arrives. */
  spectrogramTilesSeen = $state(0);
  viewport = $state.raw<Viewport>(fitViewport(microseconds(0), 1));

  readonly segments: TimelineModel['segments'] = $derived.by(() => {
    return sortByStart(this.editor.document?.segments ?? []);
  });
  readonly segmentNumber: ReadonlyMap<string, number> = $derived.by(() => numberSegments(this.segments.items));
  readonly marks: TimelineModel['marks'] = $derived.by(() => marksByModality(this.editor.document?.marks ?? []));
  readonly cues: SortedItems<{ readonly range: TimeRange }> = $derived.by(() =>
    sortByStart((this.editor.document?.cues ?? []).map((cue, index) => ({ id: String(index), range: cue.range }))),
  );
  readonly stack: Stack = $derived.by(() => stackLanes(this.segments.items));
  /** Pseudonym of the person at the keyboard. */
  raterId = $state(FIRST_RATER);
  /** Labels of all raters who may be seen now; the person at the keyboard is the first. */
  readonly raters: TimelineModel['raters'] = $derived.by(() => {
    const all = groupByRater(this.editor.document?.labels ?? [], this.raterId);
    return this.view.blind ? all.slice(0, 1) : all;
  });
  /** Labels of the person at the keyboard. */
  readonly labels: ReadonlyMap<string, RaterLabel> = $derived(this.raters[0]?.labels ?? bySegment<RaterLabel>([]));
  /** What the model says of each segment; nothing in blind mode. */
  readonly results: ReadonlyMap<string, SegmentResult> = $derived.by(() =>
    bySegment(this.view.blind ? [] : (this.workspace.analysis?.analysis.results ?? [])),
  );
  /** The results on screen were made from other segments, marks or parameters than those on screen. */
  readonly outdated: boolean = $derived.by(() => {
    const { document } = this.editor;
    const { analysis } = this.workspace;
    if (!document || !analysis) return false;
    return analysis.fingerprint !== analysisFingerprint(document) || this.bundleChange !== '';
  });
  /** In words, that the results on screen were made with another bundle than the installed one; empty when not. */
  readonly bundleChange: string = $derived.by(() =>
    bundleChangeWords(this.workspace.analysis?.analysis.bundle, this.workspace.app?.bundles),
  );
  /** Why the self-test on screen no longer fits; empty when it does. */
  readonly selfTestStale: string = $derived.by(() =>
    selfTestStaleWords(
      this.compare.selfTest?.selfTest.bundle,
      this.workspace.app?.bundles,
      this.compare.selfTestOutdated,
    ),
  );
  readonly segment: Segment | undefined = $derived(
    this.segments.items.find((segment) => segment.id === this.selection.segmentId),
  );
  readonly mark: CorruptionMark | undefined = $derived.by(() =>
    this.editor.document?.marks.find((mark) => mark.id === this.selection.markId),
  );
  /** Tiers, annotations and traces. */
  readonly coding: Coding = new Coding(this.selection, {
    document: () => this.editor.document,
    raterId: () => this.raterId,
    blind: () => this.view.blind,
  });
  /** Marking while playing, by one key. */
  readonly live: LiveMarking = new LiveMarking(this);
  readonly recorder: TraceRecorder;
  /** What every key does now: values of the active tier's scheme come before commands. */
  readonly keyTable: KeyTable = $derived.by(() =>
    withSchemeKeys(
      this.keymap.tableOf(this.view.name),
      this.view.name === 'annotate' ? this.coding.row?.scheme : undefined,
      this.keymap.choices.characterKeys,
    ),
  );
  /** The selected time: a free range, else the chosen annotation, else the selected segment. */
  readonly range: TimeRange | undefined = $derived(
    this.selection.freeRange ?? this.coding.annotation?.range ?? this.segment?.range,
  );
  /** Modality that the compare view shows: the chosen one, else the first recovered one, else visual. */
  readonly comparedModality: Modality = $derived.by(() => {
    const use = this.segment && this.results.get(this.segment.id)?.use;
    return this.compare.chosen ?? MODALITIES.find((modality) => use?.[modality].state === 'recovered') ?? 'visual';
  });
  readonly openProposals: number = $derived.by(
    () => (this.editor.document?.marks ?? []).filter((mark) => mark.review === 'proposed').length,
  );
  readonly problems: readonly Problem[] = $derived.by(() => this.collectProblems());
  readonly review = new Review(this);
  /** Comparison of raters; the model takes part where its results are of what is on screen. */
  readonly agreements = new Agreements(() => this.ratedWork());
  readonly nextStep: NextStep = $derived.by(() => nextStepOf(this));

  readonly bridge: LacunaBridge;

  constructor(bridge: LacunaBridge, database: LacunaDatabase) {
    this.bridge = bridge;
    const store = new RecordingStore(database);
    const learned = new LearnedStore(database);
    const say = (message: string) => this.view.say(message);
    this.saveSetting = (key, value) => void store.saveSetting(key, value);
    this.theme = new Theme((name) => void store.saveSetting('theme', name));
    this.keymap = new Keymap((kept) => void store.saveSetting('keys', kept));
    this.history = new HistoryStore(database);
    this.editor = new Editor(this.history, say);
    this.progress = new RecordingProgress(store);
    this.projects = new Projects(new ProjectStore(database), async () => {
      this.noteProgress();
      await this.workspace.close();
    });
    const { editor, player } = this;
    this.recorder = new TraceRecorder({ editor, player, raterId: () => this.raterId, say });
    this.workspace = new Workspace(bridge, store, this.editor, {
      opened: (info) => this.recordingOpened(info),
      added: (ids) => this.projects.addOpened(ids),
      looked: (id, found) => this.lookedFor(id, found),
      leaving: () => this.noteProgress(),
      newParameters: () => this.projects.current?.parameters,
      reportOf: (id) => this.projects.reportOf(id),
    });
    const { projects, workspace, progress } = this;
    this.stored = new StoredData({ bridge, store, learned, workspace });
    this.annotationFiles = new AnnotationFiles(bridge, workspace, this.editor);
    this.projectFiles = new ProjectFiles({
      ...{ bridge, database, projects, workspace, progress, say },
      jobs: () => this.jobs,
      parameters: () => this.editor.document?.parameters,
      ask: (dialog) => this.view.openDialog(dialog),
    });
    this.compare = new Compare(bridge, new SelfTestStore(database), this.editor);
    this.batch = new Batch({
      ...{ bridge, store, workspace, projects },
      jobs: () => this.jobs,
      onFile: (id, found) => progress.noteFile(id, found),
    });
    this.learning = new Learning(this, store, learned);
    this.jobs = new Jobs(bridge, {
      began: (job) => jobBegan(this, job),
      ended: (job) => takeJob(this, job),
      say,
    });
    this.editor.onEdit = () => this.projects.noteEdit();
    this.player.loopRange = () => this.range;
    void store.setting('theme').then((kept) => this.theme.restore(kept));
    void store.setting('keys').then((kept) => this.keymap.restore(kept));
    void store.setting('traceLagMs').then((kept) => (this.recorder.lagMs = lagOf(kept)));
    void store.setting('liveLagMs').then((kept) => (this.live.lagMs = lagOf(kept)));
    void store.setting('raterId').then((kept) => {
      if (kept !== undefined && raterProblem(kept) === '') this.raterId = kept;
    });
  }

  async start(): Promise<void> {
    this.recovered = await this.history.beginSession(utcNow());
    await this.projects.start();
    await this.workspace.start();
    await this.learning.restore();
    void this.progress.load(this.workspace.entries.map((entry) => entry.recordingId));
    if (this.workspace.intendedUseReadUtc === undefined) this.view.openDialog('notice');
  }

  private recordingOpened(info: MediaInfo): void {
    this.agreements.recordingOpened(this.workspace.entry?.recordingId ?? '');
    this.selection.clear();
    this.recorder.leave();
    this.live.leave();
    this.view.editedSegment = undefined;
    const { entry } = this.workspace;
    if (entry) void this.compare.open(entry.recordingId);
    this.spectrogram = undefined;
    this.player.reset(info.duration, info.video?.framesPerSecond);
    this.viewport = fitViewport(info.duration, this.viewport.width);
    this.selectFirst();
  }

  private lookedFor(recordingId: string, found: boolean): void {
    this.progress.noteFile(recordingId, found);
    if (found) void this.attempt('Find files', () => this.projectFiles.searchBeside(recordingId));
  }

  /** Keeps how far the recording on screen is, for when another one is. */
  private noteProgress(): void {
    const { document } = this.editor;
    if (document) this.progress.note(document.recordingId, progressOf(document, this.workspace.analysis !== undefined));
  }

  /** The list of recordings shows badges only; never on the start page. */
  get railIsStrip(): boolean {
    return this.workspace.entry !== undefined && this.view.railIsFolded;
  }

  /** Writes what is not written yet, then lets the window go. */
  async leave(): Promise<void> {
    await this.editor.flush();
    if (this.editor.saveState !== 'failed') await this.history.endSession();
    await this.bridge.call('window/close');
  }

  /** Runs a call to main; what it rejects with is shown as a notice instead of being lost. */
  async attempt(what: string, action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.workspace.refusals = [
        {
          fileName: what,
          problem: { code: 'page.call_failed', severity: 'error', message, tip: 'Try again.' },
        },
      ];
    }
  }

  /** Somebody else sits down at the keyboard: what is made from now on is theirs. */
  switchRater(raterId: string): void {
    if (raterProblem(raterId) !== '') return;
    this.raterId = raterId;
    this.saveSetting('raterId', raterId);
    this.view.say(`Rater ${raterId}`);
  }

  /** Reaction lag that new traces state, ms. */
  setTraceLag(milliseconds: number): void {
    this.recorder.lagMs = milliseconds;
    this.saveSetting('traceLagMs', String(milliseconds));
  }

  /** Reaction lag that live marking takes off, ms. */
  setLiveLag(milliseconds: number): void {
    this.live.lagMs = milliseconds;
    this.saveSetting('liveLagMs', String(milliseconds));
  }

  selectSegment(segmentId: string, seek = true): void {
    this.selection.selectSegment(segmentId);
    const { segment } = this;
    if (!segment) return;
    if (seek) this.player.seek(segment.range.start);
    this.show(segment.range);
  }

  selectMark(mark: CorruptionMark): void {
    const segment = this.segments.items.find((item) => overlaps(item.range, mark.range));
    this.selection.selectMark(mark.id, segment?.id);
    this.player.seek(mark.range.start);
    this.show(mark.range);
    this.view.dockTab = this.view.dockTab === 'segments' ? 'segments' : 'timeline';
  }

  /** Moves the timeline so that a range can be seen, if it cannot. */
  show(range: TimeRange): void {
    const { start, span } = this.viewport;
    if (range.start >= start && range.end <= start + span) return;
    this.viewport =
      range.end - range.start > span
        ? ensureVisible(this.viewport, range.start)
        : centreOn(this.viewport, (range.start + range.end) / 2);
  }

  selectFirst(): void {
    const first = this.segments.items[0];
    if (first) this.selection.selectSegment(first.id);
  }

  private ratedWork(): RatedWork | undefined {
    const { document } = this.editor;
    if (!document) return undefined;
    const results = this.outdated ? [] : (this.workspace.analysis?.analysis.results ?? []);
    const { recordingId, segments, labels } = document;
    return { recordingId, segments, results, labels, ...codingOf(document) };
  }

  private collectProblems(): readonly Problem[] {
    const { media, fileProblem, perception, analysis, entry } = this.workspace;
    const failures = this.jobs.all.flatMap((job) =>
      job.recordingId === entry?.recordingId && job.state === 'failed' && job.failure ? [job.failure] : [],
    );
    return distinctProblems([
      ...(fileProblem ? [fileProblem] : []),
      ...failures,
      ...(media?.problems ?? []),
      ...(this.editor.document?.transcriptProblems ?? []),
      ...(perception?.problems ?? []),
      ...(analysis?.analysis.problems ?? []),
    ]);
  }
}

/** A kept reaction lag in ms; 0 where nothing usable was kept. */
function lagOf(kept: string | undefined): number {
  const lag = Number(kept ?? 0);
  return lag >= 0 && lag <= 5000 ? lag : 0;
}

function overlaps(a: TimeRange, b: TimeRange): boolean {
  return a.start < b.end && b.start < a.end;
}

export const [getWorkbench, setWorkbench] = createContext<Workbench>();
