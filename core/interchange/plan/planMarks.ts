import type { AnnotationDocument } from '../../document/annotationDocument.js';
import { MARK_KINDS, type CorruptionMark } from '../../marks/mark.js';
import type { Modality } from '../../recording/modality.js';
import { formatHms } from '../../time/format.js';
import type { TimeRange } from '../../time/microseconds.js';
import type { AnnotationSet } from '../annotationSet.js';
import type { ImportChoices } from '../importChoices.js';
import { parseMarkText } from '../markText.js';
import { ReadingReport } from '../reading.js';
import { MAX_NOTE } from './remarks.js';
import { insideItems, itemsOf, oneLine, tellItem, tiersAs } from './chosenItems.js';

const rangeKey = ({ start, end }: TimeRange): string => `${start}-${end}`;

function markKey(mark: Pick<CorruptionMark, 'modality' | 'range' | 'kind' | 'ownKind'>): string {
  const { modality, range, kind, ownKind } = mark;
  return JSON.stringify([modality, kind, ownKind, range.start, range.end]);
}

/** Gives out ids after the highest number in use, as the page does. */
class MarkIds {
  #highest: number;

  constructor(marks: readonly CorruptionMark[]) {
    this.#highest = marks.reduce((most, { id }) => Math.max(most, Number(/-(\d{1,12})$/.exec(id)?.[1] ?? 0)), 0);
  }

  next(modality: Modality): string {
    this.#highest += 1;
    return `human-${modality}-${String(this.#highest).padStart(4, '0')}`;
  }
}

/** Marks of a file that the document does not have yet; all come as made and confirmed by a person. */
export function planMarks(
  set: AnnotationSet,
  choices: ImportChoices,
  document: AnnotationDocument,
  report: ReadingReport,
): CorruptionMark[] {
  const ids = new MarkIds(document.marks);
  const known = new Set(document.marks.filter(({ review }) => review === 'confirmed').map(markKey));
  const modalities = new Set(tiersAs(set, choices, 'marks').map(({ choice }) => choice.modality));
  return [...modalities].flatMap((modality) => {
    const tiers = tiersAs(set, choices, 'marks').filter(({ choice }) => choice.modality === modality);
    const noteTiers = tiersAs(set, choices, 'mark notes').filter(({ choice }) => choice.modality === modality);
    const notes = new Map<string, string[]>();
    const remarks = itemsOf(noteTiers.map(({ tier }) => tier));
    // Cut as their marks are, so that they still meet; what is cut is told once, with the mark.
    for (const { range, value } of insideItems(remarks, document.duration, new ReadingReport())) {
      notes.set(rangeKey(range), [...(notes.get(rangeKey(range)) ?? []), value.slice(0, MAX_NOTE)]);
    }
    const items = itemsOf(tiers.map(({ tier }) => tier));
    const inside = insideItems(items, document.duration, report);
    return inside.flatMap((item): CorruptionMark[] => {
      const mark = parseMarkText(item.value);
      if (!mark) {
        const what = `"${oneLine(item.value).slice(0, 40)}" is no kind of damage that is known; not taken.`;
        tellItem(
          report,
          item,
          'error',
          'unknown_kind',
          what,
          `Known are ${MARK_KINDS.join(', ')}; write a kind of your own as other: its name.`,
        );
        return [];
      }
      const key = markKey({ ...mark, modality, range: item.range });
      if (known.has(key)) {
        const what = `the mark at ${formatHms(item.range.start)} is there already; not taken again.`;
        tellItem(report, item, 'note', 'mark_known', what, 'Nothing to do.');
        return [];
      }
      known.add(key);
      const note = notes.get(rangeKey(item.range))?.shift() ?? '';
      const range = item.range;
      return [{ id: ids.next(modality), modality, range, ...mark, source: 'human', review: 'confirmed', note }];
    });
  });
}
