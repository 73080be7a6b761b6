import { setImmediate as nextTurn } from 'node:timers/promises';
import type { QualityThresholds } from '../../core/analysis/analysis.js';
import type { CorruptionMark } from '../../core/marks/mark.js';
import type { Perception } from '../../core/perception/perception.js';
import type { ModalityJudgement } from '../../core/quality/judge.js';
import { judgeSegment } from '../../core/quality/judge.js';
import type { Modality, PerModality } from '../../core/recording/modality.js';
import { MODALITIES } from '../../core/recording/modality.js';
import type { Segment } from '../../core/segments/segment.js';
import type { SegmentInput } from '../inference/segmentTypes.js';
import { acousticFunctionals } from '../perception/audio/functionals.js';
import { visualFunctionals } from '../perception/visual/expressionFunctionals.js';

/** Turns words into the text features of a bundle. */
export interface TextEmbedder {
  embed(text: string): Promise<Float32Array>;
}

/** A segment ready for the model, with the judgement that says what may be used of it. */
export interface PreparedSegment extends SegmentInput {
  readonly judgements: PerModality<ModalityJudgement>;
}

export interface PrepareOptions {
  readonly marks: readonly CorruptionMark[];
  readonly thresholds: QualityThresholds;
  /** Opened on the first segment with words. */
  readonly text: () => Promise<TextEmbedder>;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** What a modality lacks when it is judged usable and still gives no features. */
const NO_FEATURES: PerModality<string> = {
  text: 'no features could be computed from the words',
  audio: 'too little usable sound for acoustic features',
  visual: 'no frame with a measured expression',
};

/**
 * Judges every segment and computes the features of what is usable. A modality whose features cannot be computed is
 * unavailable, and its reason says so.
 * @throws the signal's reason when aborted.
 */
export async function prepareSegments(
  segments: readonly Segment[],
  perception: Perception,
  options: PrepareOptions,
): Promise<readonly PreparedSegment[]> {
  const prepared: PreparedSegment[] = [];
  for (const segment of segments) {
    // Everything here blocks the thread; without a full turn of the event loop a cancellation would never be heard.
    await nextTurn();
    options.signal.throwIfAborted();
    prepared.push(await prepareSegment(segment, perception, options));
    options.onProgress(prepared.length, segments.length);
  }
  return prepared;
}

async function prepareSegment(
  segment: Segment,
  perception: Perception,
  options: PrepareOptions,
): Promise<PreparedSegment> {
  const judged = judgeSegment(segment, perception, options.marks, options.thresholds);
  const { audio, visual } = perception;
  const features: Record<Modality, Float32Array | undefined> = {
    text:
      judged.text.available && segment.text !== undefined
        ? await (await options.text()).embed(segment.text)
        : undefined,
    audio: judged.audio.available && audio ? acousticFunctionals(audio, judged.audio.usable) : undefined,
    visual: judged.visual.available && visual ? visualFunctionals(visual, judged.visual.usable) : undefined,
  };
  const judgements: Record<Modality, ModalityJudgement> = { ...judged };
  for (const modality of MODALITIES) {
    if (features[modality] !== undefined && features[modality].some((value) => !Number.isNaN(value))) continue;
    features[modality] = undefined;
    const judgement = judged[modality];
    if (!judgement.available) continue;
    const reason = [judgement.reason, NO_FEATURES[modality]].filter((part) => part !== '').join('; ');
    judgements[modality] = { ...judgement, available: false, degraded: false, reason };
  }
  return { segmentId: segment.id, range: segment.range, features, judgements };
}
