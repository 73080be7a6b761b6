import { labelsToLearn, switchLearned } from '../../core/learn/learnInput.js';
import type { LearnedReadout } from '../../core/learn/learnedReadout.js';
import type { Problem } from '../../core/problems/problem.js';
import type { Emotion } from '../../core/recording/emotion.js';
import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import type { JobSnapshot } from '../../electron/contract/types.js';
import type { LearnedStore } from '../store/learnedStore.js';
import type { RecordingStore } from '../store/recordingStore.js';
import type { Workbench } from './workbench.svelte.js';

/** Learning from the labels of the person at the keyboard, over the recordings of the project on screen. */
export class Learning {
  /** What was learned last; used nowhere until it is switched on for a recording. */
  readout = $state.raw<LearnedReadout>();
  failure = $state.raw<Problem>();
  private readonly w: Workbench;
  private readonly store: RecordingStore;
  private readonly learned: LearnedStore;

  constructor(workbench: Workbench, store: RecordingStore, learned: LearnedStore) {
    this.w = workbench;
    this.store = store;
    this.learned = learned;
  }

  /** Takes up what is kept: of an earlier session, or after a deletion that may have taken it along. */
  async restore(): Promise<void> {
    this.readout = await this.learned.last();
  }

  /** Labels of the person at the keyboard for segments that exist. */
  async labels(): Promise<readonly Emotion[]> {
    return (await this.documents()).flatMap(({ labels }) => labels.map(({ label }) => label));
  }

  async start(): Promise<void> {
    const { entry } = this.w.workspace;
    if (!entry) return;
    this.failure = undefined;
    const recordings = (await this.documents()).map(({ recordingId, segments, marks, labels, parameters }) => {
      const { participant } = this.w.projects.reportOf(recordingId);
      const who = participant === undefined ? {} : { participant };
      return {
        recordingId,
        ...who,
        segments: [...segments],
        marks: [...marks],
        labels: [...labels],
        parameters: switchLearned(parameters, undefined),
      };
    });
    await this.w.bridge.call('job/learn', { recordingId: entry.recordingId, raterId: this.w.raterId, recordings });
  }

  /** Takes over what a finished job learned; nothing is switched on by it. */
  take(job: JobSnapshot): void {
    if (job.kind !== 'learn') return;
    this.failure = job.failure;
    if (job.result?.kind !== 'learn') return;
    this.readout = job.result.readout;
    void this.learned.save(this.readout);
    this.w.view.say('Learned. Compare before and after, then decide whether to use it.');
  }

  /** Switches a read-out on for the recording on screen, or off; its results come with the next recovery. */
  use(readout: LearnedReadout | undefined): void {
    const { document } = this.w.editor;
    if (!document) return;
    const parameters = switchLearned(document.parameters, readout);
    this.w.editor.apply(`${readout ? 'Use' : 'Switch off'} the learned read-out`, { ...document, parameters });
  }

  /** Documents of the project with labels of the person at the keyboard, their labels only. */
  private async documents(): Promise<readonly AnnotationDocument[]> {
    const current = this.w.editor.document;
    const project = this.w.projects.current;
    const ids = this.w.workspace.entries
      .map(({ recordingId }) => recordingId)
      .filter((id) => !project || project.recordings.some(({ recordingId }) => recordingId === id));
    const kept = await Promise.all(
      ids.map(async (id) => (id === current?.recordingId ? current : (await this.store.load(id)).document)),
    );
    return kept.flatMap((document) => {
      if (!document) return [];
      const labels = labelsToLearn(document, this.w.raterId);
      return labels.length === 0 ? [] : [{ ...document, labels }];
    });
  }
}
