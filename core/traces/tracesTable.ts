/** Continuous traces as a table: one row per value, both times beside each other, so that no shift is silent. */
import { csvChunks, type CsvCell } from '../report/csv.js';
import { column, type ReportColumn } from '../report/column.js';
import { formatHms, formatSeconds } from '../time/format.js';
import { microseconds } from '../time/microseconds.js';
import { type Trace, TRACE_DIMENSIONS, TRACE_INPUTS, TRACE_SCALE, traceTime } from './trace.js';

export const TRACE_COLUMNS: readonly ReportColumn[] = [
  column('recording_id', 'id', 'Recording: rec- and 12 hex digits of the input file’s SHA-256'),
  column('trace_id', 'id', 'Take within the recording'),
  column('rater_id', 'id', 'Pseudonym of who rated'),
  column('dimension', 'category', 'What was rated, from -1 to 1', { values: TRACE_DIMENSIONS }),
  column('time_s', 'time', 'Time as recorded, with the reaction in it', { unit: 's' }),
  column('time_hms', 'time', 'The same instant as time_s', { unit: 'HH:MM:SS.mmm' }),
  column('time_without_lag_s', 'time', 'Time with the stated reaction lag taken off', { unit: 's' }),
  column('value', 'number', 'Rating; NA where nothing was rated', { min: -1, max: 1, decimals: 3, optional: true }),
  column('reaction_lag_ms', 'number', 'Reaction lag that the rater stated', { unit: 'ms', decimals: 0 }),
  column('input', 'category', 'What the rater moved', { values: TRACE_INPUTS }),
  column('recorded_utc', 'time', 'When the take began', { unit: 'ISO 8601 UTC' }),
];

/** Rows of traces.csv, take by take in order of recording. */
export function* traceRows(recordingId: string, traces: readonly Trace[]): Generator<readonly CsvCell[]> {
  for (const trace of traces) {
    for (const [index, value] of trace.values.entries()) {
      const time = microseconds(traceTime(trace, index, false));
      yield [
        recordingId,
        trace.id,
        trace.raterId,
        trace.dimension,
        formatSeconds(time),
        formatHms(time),
        formatSeconds(microseconds(traceTime(trace, index, true))),
        value === null ? undefined : value / TRACE_SCALE,
        trace.reactionLag / 1_000,
        trace.input,
        trace.recordedUtc,
      ];
    }
  }
}

/** The traces of a recording as CSV, in order of recording. */
export function tracesTable(recordingId: string, traces: readonly Trace[]): string {
  return [...csvChunks(TRACE_COLUMNS, traceRows(recordingId, traces))].join('');
}
