import type { CsvRow } from '../../text/readCsv.js';
import type { TimeRange } from '../../time/microseconds.js';
import { parseEmotion } from '../emotionWords.js';
import type { ReadingReport, TierCollector, TierHead } from '../reading.js';
import { ownerOfTier, tierName } from '../tierNames.js';
import type { RowReader } from './readTable.js';
import { cellNumber, cellRange, cellText } from './rowValues.js';

const YIELD_EVERY = 1_000;
const SCORE_RANGE = [-3, 3] as const;
/** Name of a person's tier of labels that are no emotions. */
const OWN_TIER = 'labels';

interface Judgement {
  readonly row: CsvRow;
  readonly range: TimeRange;
  readonly label: string | undefined;
}

/** Rows of one rater; of nobody in particular where the table does not say. */
interface Judgements {
  readonly raterId: string | undefined;
  readonly rows: Judgement[];
  readonly places: Set<string>;
}

/** Labels where most of them are emotions, so that a slip of the pen is told on import; else a tier of the rater's own. */
function headOf({ raterId, rows }: Judgements): TierHead {
  const labels = rows.flatMap(({ label }) => label ?? []);
  const emotions = labels.filter((label) => parseEmotion(label) !== undefined).length;
  if (emotions * 2 > labels.length) {
    return { name: tierName('label', raterId), kind: 'label', ...(raterId === undefined ? {} : { owner: raterId }) };
  }
  const owner = raterId === undefined ? OWN_TIER : ownerOfTier(OWN_TIER, raterId);
  return { name: tierName('tier', owner), kind: 'tier', owner };
}

function addRater(rater: Judgements, collector: TierCollector, report: ReadingReport): void {
  const { raterId } = rater;
  const head = headOf(rater);
  for (const { row, range, label } of rater.rows) {
    collector.add(head, range.start, range.end, label ?? '', row.line);
    const score = cellNumber(row, 'score', SCORE_RANGE, report);
    const details = [
      ['score', score === undefined ? undefined : String(score)],
      ['note', cellText(row, 'note')],
    ] as const;
    for (const [kind, value] of details) {
      const owner = raterId === undefined ? {} : { owner: raterId };
      const detail = { name: tierName(kind, raterId), kind, ...owner, parent: head.name };
      if (value !== undefined && label !== undefined) collector.add(detail, range.start, range.end, value, row.line);
    }
  }
}

/** Rows of a plain table of labels: `start_s,end_s,label`, and where it has them `rater_id`, `score` and `note`. */
export const readLabelRows: RowReader = function* (table, collector, report) {
  const raters = new Map<string | undefined, Judgements>();
  for (const [index, row] of table.rows.entries()) {
    if (index % YIELD_EVERY === 0) yield index / table.rows.length;
    const range = cellRange(row, ['start_s', 'end_s'], report);
    if (!range) continue;
    const raterId = cellText(row, 'rater_id');
    const rater = raters.get(raterId) ?? { raterId, rows: [], places: new Set() };
    raters.set(raterId, rater);
    const place = `${range.start}-${range.end}`;
    if (rater.places.has(place)) {
      const what = `${raterId ?? 'the rater'} judges this stretch twice; the row was not taken.`;
      report.line(row.line, 'error', 'duplicate_rating', what, 'Keep one of the rows.');
      continue;
    }
    rater.places.add(place);
    rater.rows.push({ row, range, label: cellText(row, 'label') });
  }
  for (const rater of raters.values()) addRater(rater, collector, report);
};
