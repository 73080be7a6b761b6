import type { QualityThresholds } from '../analysis/analysis.js';
import type { CorruptionMark } from '../marks/mark.js';
import type { Perception } from '../perception/perception.js';
import type { Segment } from '../segments/segment.js';
import { microseconds } from '../time/microseconds.js';
import { clampRange } from '../time/ranges.js';
import { hasWords } from '../transcript/cueText.js';
import { proposeAudio } from './proposeAudio.js';
import { toMarks, type Proposal } from './proposals.js';
import { proposeVisual } from './proposeVisual.js';

function proposeText(perception: Perception, segments: readonly Segment[], hasTranscript: boolean): Proposal[] {
  const missing = {
    modality: 'text',
    kind: 'missing_transcript',
    severity: 3,
    confidence: 1,
    detector: 'transcript/1',
  } as const;
  if (!hasTranscript) {
    const range = { start: microseconds(0), end: perception.info.duration };
    return [{ ...missing, range, note: 'The recording has no transcript.' }];
  }
  return segments
    .filter((segment) => !hasWords(segment.text))
    .map((segment) => ({ ...missing, range: segment.range, note: `Segment ${segment.id} has no words.` }));
}

/**
 * Proposes corruption marks from what was measured; a person confirms, edits or rejects them.
 *
 * Runs have hysteresis and minimum lengths from the thresholds; severity follows how much of a segment is lost, or how
 * far a measure lies below its minimum. Ids are deterministic. Silence is proposed only where a segment expects speech.
 * @param segments in order of start.
 * @param hasTranscript false: one mark says that the whole recording has no transcript.
 * @returns marks in order of start, all `auto` and `proposed`.
 */
export function proposeMarks(
  perception: Perception,
  segments: readonly Segment[],
  thresholds: QualityThresholds,
  hasTranscript: boolean,
): CorruptionMark[] {
  const recording = { start: microseconds(0), end: perception.info.duration };
  if (recording.end <= 0) return [];
  const proposals = [
    ...proposeText(perception, segments, hasTranscript),
    ...proposeAudio(perception, segments, thresholds),
    ...proposeVisual(perception, segments, thresholds),
  ];
  // The last row of a track reaches beyond the end of a recording that is no multiple of 10 ms.
  return toMarks(
    proposals.flatMap((proposal) => {
      const range = clampRange(proposal.range, recording);
      return range ? [{ ...proposal, range }] : [];
    }),
  );
}
