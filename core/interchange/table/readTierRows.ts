import { unguard } from '../../report/csv.js';
import { TIER_KINDS } from '../annotationSet.js';
import { classifyTier } from '../classifyTier.js';
import type { RowReader } from './readTable.js';
import { cellRange, cellText } from './rowValues.js';

const YIELD_EVERY = 2_000;

/** Rows of our own table of tiers: `tier,kind,owner,start_s,end_s,value`; kind and owner may be missing. */
export const readTierRows: RowReader = function* (table, collector, report) {
  for (const [index, row] of table.rows.entries()) {
    if (index % YIELD_EVERY === 0) yield index / table.rows.length;
    const range = cellRange(row, ['start_s', 'end_s'], report);
    const name = cellText(row, 'tier') ?? 'annotations';
    if (!range) continue;
    const guess = classifyTier(name, []);
    const kind = TIER_KINDS.find((item) => item === cellText(row, 'kind')) ?? guess.kind;
    const owner = cellText(row, 'owner') ?? guess.owner;
    const head = { name, kind, ...(owner === undefined ? {} : { owner }) };
    collector.add(head, range.start, range.end, unguard(row.get('value') ?? ''), row.line);
  }
};
