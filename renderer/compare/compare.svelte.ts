import { analysisFingerprint } from '../../core/document/analysisFingerprint.js';
import type { Modality } from '../../core/recording/modality.js';
import type { MeasuredCurves } from '../../core/recovery/decodedCurve.js';
import type { WhatIfCase } from '../../core/recovery/whatIf.js';
import type { Segment } from '../../core/segments/segment.js';
import type { LacunaBridge } from '../../electron/contract/contract.js';
import type { JobSnapshot } from '../../electron/contract/types.js';
import { utcNow } from '../document/now.js';
import type { Editor } from '../state/editor.svelte.js';
import type { StoredSelfTest } from '../store/database.js';
import type { SelfTestStore } from '../store/selfTestStore.js';

export const COMPARE_TABS = [
  { id: 'segment', title: 'Segment' },
  { id: 'recording', title: 'What it changed' },
  { id: 'selfTest', title: 'Self-test' },
] as const;
export type CompareTab = (typeof COMPARE_TABS)[number]['id'];

/** Stretches whose measured curves are kept; a few hundred numbers each. */
const KEPT_STRETCHES = 60;

/** What the compare view shows beside the results: choices, measured curves, hidden modalities, the self-test. */
export class Compare {
  tab = $state<CompareTab>('segment');
  /** Modality that the person chose; undefined: the first recovered one of the segment. */
  chosen = $state<Modality>();
  /** Single samples instead of mean and interval. */
  samples = $state(false);
  /** Differences to the result as used instead of the results themselves. */
  differences = $state(false);
  selfTest = $state.raw<StoredSelfTest>();
  private measured = $state.raw<Readonly<Record<string, MeasuredCurves>>>({});
  private whatIfs = $state.raw<Readonly<Record<string, WhatIfCase>>>({});

  private readonly bridge: LacunaBridge;
  private readonly store: SelfTestStore;
  private readonly editor: Editor;
  /** Fingerprints of the documents that running jobs were given, by recording. */
  private readonly asked: Record<string, string> = {};
  private readonly tested: Record<string, string> = {};
  private readonly fingerprint = $derived.by(() =>
    this.editor.document === undefined ? '' : analysisFingerprint(this.editor.document),
  );

  constructor(bridge: LacunaBridge, store: SelfTestStore, editor: Editor) {
    this.bridge = bridge;
    this.store = store;
    this.editor = editor;
  }

  /** A recording came on screen: what belongs to the one before goes. */
  async open(recordingId: string): Promise<void> {
    this.measured = {};
    this.whatIfs = {};
    this.selfTest = undefined;
    const stored = await this.store.load(recordingId);
    if (this.editor.document?.recordingId === recordingId || this.editor.document === undefined) this.selfTest = stored;
  }

  /** The self-test was made from other segments, marks or parameters than those on screen. */
  get selfTestOutdated(): boolean {
    return this.selfTest !== undefined && this.selfTest.fingerprint !== this.fingerprint;
  }

  measuredOf(segment: Segment): MeasuredCurves | undefined {
    return this.measured[stretchKey(segment)];
  }

  /** Reads the measured curves of a segment, unless they are there. */
  async measure(segment: Segment): Promise<void> {
    const recordingId = this.editor.document?.recordingId;
    const key = stretchKey(segment);
    if (recordingId === undefined || this.measured[key] !== undefined) return;
    const curves = await this.bridge.call('recovery/curves', { recordingId, range: segment.range });
    if (this.editor.document?.recordingId !== recordingId) return;
    this.measured = Object.fromEntries([...Object.entries(this.measured).slice(-KEPT_STRETCHES), [key, curves]]);
  }

  /** What recovery makes of a hidden modality, if it was asked for with the segments, marks and parameters on screen. */
  whatIfOf(segmentId: string, modality: Modality): WhatIfCase | undefined {
    return this.whatIfs[whatIfKey(segmentId, modality, this.fingerprint)];
  }

  /** Hides a modality of a segment and recovers it; a job. */
  async hide(segment: Segment, modality: Modality): Promise<void> {
    const document = this.editor.document;
    if (document === undefined) return;
    const { recordingId, marks, parameters } = document;
    this.asked[recordingId] = this.fingerprint;
    await this.bridge.call('job/whatIf', {
      recordingId,
      segments: [segment],
      marks: [...marks],
      parameters,
      withheld: [{ segmentId: segment.id, modality }],
    });
  }

  /** Tests recovery on everything that is intact in the recording; a job. */
  async runSelfTest(): Promise<void> {
    const document = this.editor.document;
    if (document === undefined) return;
    const { recordingId, segments, marks, parameters } = document;
    this.tested[recordingId] = this.fingerprint;
    await this.bridge.call('job/selfTest', { recordingId, segments: [...segments], marks: [...marks], parameters });
  }

  /** Takes over what a finished job made. */
  async takeResult({ recordingId, result }: JobSnapshot): Promise<void> {
    const current = this.editor.document?.recordingId === recordingId;
    if (result?.kind === 'whatIf' && current) {
      const fingerprint = this.asked[recordingId] ?? '';
      const made = result.whatIf.cases.map(
        (item) => [whatIfKey(item.segmentId, item.modality, fingerprint), item] as const,
      );
      this.whatIfs = { ...this.whatIfs, ...Object.fromEntries(made) };
    }
    if (result?.kind !== 'selfTest') return;
    const record: StoredSelfTest = {
      recordingId,
      fingerprint: this.tested[recordingId] ?? '',
      finishedUtc: utcNow(),
      selfTest: result.selfTest,
    };
    if (current) this.selfTest = record;
    await this.store.save(record);
  }
}

const stretchKey = ({ range }: Segment): string => `${range.start}-${range.end}`;

function whatIfKey(segmentId: string, modality: Modality, fingerprint: string): string {
  return `${segmentId}\n${modality}\n${fingerprint}`;
}
