import { MODALITIES } from '../../recording/modality.js';
import { markText, parseMarkText } from '../markText.js';
import { tierName } from '../tierNames.js';
import { MARK_KINDS } from '../../marks/mark.js';
import type { RowReader } from './readTable.js';
import { cellRange, cellText } from './rowValues.js';

const YIELD_EVERY = 2_000;

/** Rows of marks.csv. What is proposed goes to a tier of proposals; what was rejected is told and not taken. */
export const readMarkRows: RowReader = function* (table, collector, report) {
  for (const [index, row] of table.rows.entries()) {
    if (index % YIELD_EVERY === 0) yield index / table.rows.length;
    const range = cellRange(row, ['start_s', 'end_s'], report);
    if (!range) continue;
    const modalityText = cellText(row, 'modality')?.toLowerCase() ?? '';
    const modality = MODALITIES.find((item) => item === modalityText);
    const [kindText, severityText] = [cellText(row, 'kind') ?? '', cellText(row, 'severity') ?? ''];
    const ownKind = cellText(row, 'own_kind');
    const kindWords = ownKind === undefined ? kindText : `other: ${ownKind}`;
    const mark = parseMarkText(`${kindWords} ${severityText}`);
    if (modality === undefined || mark === undefined || severityText === '') {
      const [column, value, allowed] =
        modality === undefined
          ? ['modality', modalityText, MODALITIES.join(', ')]
          : parseMarkText(kindWords) === undefined
            ? ['kind', kindText, MARK_KINDS.join(', ')]
            : ['severity', severityText, '1, 2, 3'];
      const what = `${column} "${value.slice(0, 40)}" is not known; the row was not taken.`;
      report.line(row.line, 'error', `unknown_${column}`, what, `Allowed are ${allowed}.`);
      continue;
    }
    const review = cellText(row, 'review')?.toLowerCase();
    if (review === 'rejected') {
      report.line(row.line, 'note', 'mark_rejected', 'the mark was rejected; not taken.', 'Nothing to do.');
      continue;
    }
    const kind = review === 'proposed' ? 'proposal' : 'mark';
    const name = tierName(kind, modality);
    const value = markText(mark);
    collector.add({ name, kind, owner: modality }, range.start, range.end, value, row.line);
    const note = cellText(row, 'note');
    if (note !== undefined && kind === 'mark') {
      const head = { name: tierName('note', modality), kind: 'note', owner: modality, parent: name } as const;
      collector.add(head, range.start, range.end, note, row.line);
    }
  }
};
