import { FLAG_TEXT } from '../plan/remarks.js';
import { ownerOfTier, tierName } from '../tierNames.js';
import type { RowReader } from './readTable.js';
import { cellRange, cellText } from './rowValues.js';

const YIELD_EVERY = 2_000;

/** Rows of annotations.csv of a report: one tier per tier and rater, with its notes and flags. */
export const readAnnotationRows: RowReader = function* (table, collector, report) {
  for (const [index, row] of table.rows.entries()) {
    if (index % YIELD_EVERY === 0) yield index / table.rows.length;
    const range = cellRange(row, ['start_s', 'end_s'], report);
    const [tier = 'annotations', scheme, value] = ['tier', 'scheme', 'value'].map((name) => cellText(row, name));
    if (!range || value === undefined) continue;
    const owner = ownerOfTier(tier, cellText(row, 'rater_id') ?? 'R2');
    const name = tierName('tier', owner);
    const vocabulary = scheme === undefined ? {} : { vocabulary: scheme };
    collector.add({ name, kind: 'tier', owner, ...vocabulary }, range.start, range.end, value, row.line);
    const remarks = [
      ['tier-note', cellText(row, 'note')],
      ['tier-flag', cellText(row, 'flagged') === 'yes' ? FLAG_TEXT : undefined],
    ] as const;
    for (const [kind, text] of remarks) {
      const head = { name: tierName(kind, owner), kind, owner, parent: name };
      if (text !== undefined) collector.add(head, range.start, range.end, text, row.line);
    }
  }
};
