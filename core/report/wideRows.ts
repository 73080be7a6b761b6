import type { RaterLabel } from '../labels/label.js';
import { EMOTIONS } from '../recording/emotion.js';
import { MODALITIES } from '../recording/modality.js';
import { formatHms, formatSeconds } from '../time/format.js';
import { orderByStart } from '../time/orderByStart.js';
import { durationOf } from '../time/ranges.js';
import type { CsvCell } from './csv.js';
import type { ReportInput } from './reportInput.js';

/** Everybody who labelled something, in order of id: the order of the raters' columns. */
export function raterIds(input: ReportInput): readonly string[] {
  return [...new Set(input.labels.map((label) => label.raterId))].sort();
}

/** Rows of segments_wide.csv. */
export function* wideRows(input: ReportInput): Generator<readonly CsvCell[]> {
  const raters = raterIds(input);
  const results = new Map(input.analysis.results.map((result) => [result.segmentId, result]));
  const labels = new Map<string, RaterLabel>();
  for (const label of input.labels) labels.set(`${label.segmentId}\n${label.raterId}`, label);
  for (const segment of orderByStart(input.analysis.segments)) {
    const result = results.get(segment.id);
    const estimate = result?.estimate;
    yield [
      input.recordingId,
      segment.id,
      formatSeconds(segment.range.start),
      formatSeconds(segment.range.end),
      formatHms(segment.range.start),
      formatHms(segment.range.end),
      formatSeconds(durationOf(segment.range)),
      ...MODALITIES.map((modality) => result?.use[modality].state),
      ...MODALITIES.map((modality) => result?.use[modality].quality),
      estimate?.label,
      estimate?.score.value,
      estimate?.score.low,
      estimate?.score.high,
      ...EMOTIONS.map((_, index) => estimate?.probabilities[index]),
      estimate?.confidence,
      segment.text === '' ? undefined : segment.text,
      segment.speaker,
      ...raters.flatMap((rater) => {
        const label = labels.get(`${segment.id}\n${rater}`);
        const note = label?.note === '' ? undefined : label?.note;
        return [label && rater, label?.label, label?.score, note];
      }),
    ];
  }
}
