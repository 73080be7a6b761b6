import { EMOTIONS } from '../recording/emotion.js';
import { MODALITIES } from '../recording/modality.js';
import type { SegmentResult } from '../recovery/estimate.js';
import type { Segment } from '../segments/segment.js';
import { formatHms, formatSeconds } from '../time/format.js';
import { fromSeconds, microseconds } from '../time/microseconds.js';
import type { CsvCell } from './csv.js';
import type { ReportInput } from './reportInput.js';

/** Time from row to row: 10 rows per second. */
const TIMELINE_STEP = fromSeconds(0.1);

/** Of the segments that hold a time, the one that started last; on a tie the one whose id comes last. */
function latest(segments: readonly Segment[]): Segment | undefined {
  let found: Segment | undefined;
  for (const segment of segments) {
    const start = segment.range.start;
    if (!found || start > found.range.start || (start === found.range.start && segment.id > found.id)) found = segment;
  }
  return found;
}

/** Rows of timeline.csv from 0 to before the recording's end; one sweep over the segments in order of start. */
export function* timelineRows(input: ReportInput): Generator<readonly CsvCell[]> {
  const results = new Map<string, SegmentResult>(input.analysis.results.map((result) => [result.segmentId, result]));
  const waiting = [...input.analysis.segments].sort((a, b) => a.range.start - b.range.start);
  let next = 0;
  let open: Segment[] = [];
  for (let time = microseconds(0); time < input.duration; time = microseconds(time + TIMELINE_STEP)) {
    for (; next < waiting.length; next += 1) {
      const segment = waiting[next];
      if (!segment || segment.range.start > time) break;
      open.push(segment);
    }
    open = open.filter((segment) => segment.range.end > time);
    const segment = latest(open);
    const result = segment ? results.get(segment.id) : undefined;
    const estimate = result?.estimate;
    yield [
      input.recordingId,
      formatSeconds(time),
      formatHms(time),
      segment?.id,
      estimate?.score.value,
      estimate?.score.low,
      estimate?.score.high,
      estimate?.label,
      ...EMOTIONS.map((_, index) => estimate?.probabilities[index]),
      ...MODALITIES.map((modality) => result?.use[modality].state),
    ];
  }
}
