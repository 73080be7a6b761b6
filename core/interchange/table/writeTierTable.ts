import { csvChunks, type CsvCell, type CsvColumn } from '../../report/csv.js';
import { formatHms, formatSeconds } from '../../time/format.js';
import { durationOf } from '../../time/ranges.js';
import type { AnnotationSet } from '../annotationSet.js';

const COLUMNS: readonly CsvColumn[] = [
  { name: 'tier', cell: 'text' },
  { name: 'kind', cell: 'plain' },
  { name: 'owner', cell: 'text' },
  { name: 'start_s', cell: 'plain' },
  { name: 'end_s', cell: 'plain' },
  { name: 'start_hms', cell: 'plain' },
  { name: 'end_hms', cell: 'plain' },
  { name: 'duration_s', cell: 'plain' },
  { name: 'value', cell: 'text' },
];

function* rows(set: AnnotationSet): Generator<readonly CsvCell[]> {
  for (const { name, kind, owner, items } of set.tiers) {
    for (const { range, value } of items) {
      const { start, end } = range;
      yield [
        name,
        kind,
        owner,
        formatSeconds(start),
        formatSeconds(end),
        formatHms(start),
        formatHms(end),
        formatSeconds(durationOf(range)),
        value,
      ];
    }
  }
}

/** Writes our own table of tiers in pieces: one row per annotation, formulas guarded, missing owners `NA`. */
export function writeTierTable(set: AnnotationSet): Generator<string, void, undefined> {
  return csvChunks(COLUMNS, rows(set));
}
