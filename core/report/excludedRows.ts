import { MODALITIES } from '../recording/modality.js';
import { THRESHOLD_DESCRIPTIONS } from '../quality/thresholds.js';
import type { ExcludedStretch } from '../quality/findExcluded.js';
import { formatHms, formatSeconds } from '../time/format.js';
import type { CsvCell } from './csv.js';
import type { ReportInput } from './reportInput.js';

/** Time that confirmed marks of severity 3 take out, beside what measurement took out. Text has no frames. */
function stretchesOf({ analysis }: ReportInput): ExcludedStretch[] {
  const marked = analysis.marks.flatMap(({ modality, range, review, severity }): ExcludedStretch[] =>
    modality !== 'text' && review === 'confirmed' && severity === 3 ? [{ modality, range, reason: 'mark' }] : [],
  );
  return [...(analysis.excluded ?? []), ...marked].sort(
    (a, b) =>
      a.range.start - b.range.start ||
      MODALITIES.indexOf(a.modality) - MODALITIES.indexOf(b.modality) ||
      a.range.end - b.range.end ||
      (a.reason < b.reason ? -1 : 1),
  );
}

/** Rows of frames_excluded.csv, in order of start. */
export function* excludedRows(input: ReportInput): Generator<readonly CsvCell[]> {
  for (const { modality, range, rows, reason, measured, threshold } of stretchesOf(input)) {
    const description = THRESHOLD_DESCRIPTIONS.find(({ name }) => name === threshold);
    yield [
      input.recordingId,
      modality,
      formatSeconds(range.start),
      formatSeconds(range.end),
      formatHms(range.start),
      formatHms(range.end),
      rows?.first,
      rows?.last,
      rows && rows.last - rows.first + 1,
      reason,
      measured,
      threshold,
      threshold && input.analysis.parameters.thresholds[threshold],
      description?.unit,
    ];
  }
}
