/** annotations.csv: what people coded on tiers, one row per annotation. */
import type { CsvCell } from '../report/csv.js';
import { column, type ReportColumn, timeColumns } from '../report/column.js';
import { formatHms, formatSeconds } from '../time/format.js';
import { orderByStart } from '../time/orderByStart.js';
import { durationOf } from '../time/ranges.js';
import type { Coding } from './coding.js';
import { schemeOf } from './tier.js';

export const ANNOTATION_COLUMNS: readonly ReportColumn[] = [
  column('recording_id', 'id', 'Recording: rec- and 12 hex digits of the input file’s SHA-256'),
  column('annotation_id', 'id', 'Annotation within the recording'),
  column('tier', 'text', 'Name of the tier'),
  column('scheme', 'text', 'Scheme that the values of the tier come from; NA for free text', { optional: true }),
  column('rater_id', 'id', 'Pseudonym of who made it'),
  ...timeColumns('annotation'),
  column('duration_s', 'time', 'Length of the annotation', { unit: 's' }),
  column(
    'value',
    'text',
    'Value of the scheme, or free text; NA where none was given yet, or where a report leaves out free text with words or notes',
    { optional: true },
  ),
  column('note', 'text', 'Note of the rater', { optional: true }),
  column('flagged', 'category', 'Whether somebody wants to come back to it', { values: ['yes', 'no'] }),
  column(
    'reaction_lag_ms',
    'number',
    'Taken off the times at which keys were pressed live, as the rater stated; NA where nothing was',
    { unit: 'ms', min: 0, decimals: 0, optional: true },
  ),
  column('modified_utc', 'time', 'Last change', { unit: 'ISO 8601 UTC' }),
];

/** Rows of annotations.csv, in order of start. */
export function* annotationRows(recordingId: string, coding: Coding): Generator<readonly CsvCell[]> {
  const tiers = new Map(
    (coding.tiers ?? []).map((tier) => [tier.id, { name: tier.name, scheme: schemeOf(coding, tier)?.name }]),
  );
  for (const annotation of orderByStart(coding.annotations ?? [])) {
    const { id, tierId, range, value, raterId, note, flagged, reactionLag, modifiedUtc } = annotation;
    const tier = tiers.get(tierId);
    yield [
      recordingId,
      id,
      tier?.name ?? tierId,
      tier?.scheme,
      raterId,
      formatSeconds(range.start),
      formatSeconds(range.end),
      formatHms(range.start),
      formatHms(range.end),
      formatSeconds(durationOf(range)),
      value,
      note === '' ? undefined : note,
      flagged === true ? 'yes' : 'no',
      reactionLag === undefined ? undefined : reactionLag / 1_000,
      modifiedUtc,
    ];
  }
}
