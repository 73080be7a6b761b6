import { formatSeconds } from '../../time/format.js';
import { durationOf } from '../../time/ranges.js';
import type { TimeRange } from '../../time/microseconds.js';
import type { AnnotationSet, Tier } from '../annotationSet.js';
import { NO_SUBJECT } from './readBoris.js';

/** Columns of the aggregated events of BORIS 8, in its order. */
const COLUMNS = [
  'Observation id',
  'Observation date',
  'Description',
  'Observation type',
  'Source',
  'Time offset (s)',
  'Coding duration',
  'Media duration (s)',
  'FPS (frame/s)',
  'Subject',
  'Observation duration by subject by observation',
  'Behavior',
  'Behavioral category',
  'Behavior type',
  'Start (s)',
  'Stop (s)',
  'Duration (s)',
  'Media file name',
  'Image index start',
  'Image index stop',
  'Image file path start',
  'Image file path stop',
  'Comment start',
  'Comment stop',
] as const;
type Column = (typeof COLUMNS)[number];

/** Kinds of tiers that are coded behaviour. */
export const BORIS_KINDS: ReadonlySet<Tier['kind']> = new Set([
  'label',
  'state',
  'mark',
  'proposal',
  'speaker',
  'segment',
  'other',
]);

const clean = (text: string): string => text.replace(/[\t\r\n]+/g, ' ');

const rangeKey = ({ start, end }: TimeRange): string => `${start}-${end}`;

/** Notes about a tier by the times of their annotation. */
function notesOf(set: AnnotationSet, tier: Tier): ReadonlyMap<string, string> {
  const notes = set.tiers.filter(({ kind, parent }) => kind === 'note' && parent === tier.name);
  return new Map(notes.flatMap(({ items }) => items.map(({ range, value }) => [rangeKey(range), value] as const)));
}

/** Writes aggregated events of BORIS, tab separated, in pieces; one behaviour per value, the tier as its category. */
export function* writeBoris(set: AnnotationSet): Generator<string> {
  yield `${COLUMNS.join('\t')}\n`;
  const duration = set.duration === undefined ? 'NA' : formatSeconds(set.duration);
  const fixed: Partial<Record<Column, string>> = {
    'Observation id': clean(set.mediaName ?? 'recording'),
    'Observation type': 'MEDIA',
    Source: clean(set.mediaName ?? ''),
    'Time offset (s)': '0.000',
    'Coding duration': duration,
    'Media duration (s)': duration,
    'Observation duration by subject by observation': duration,
    'Media file name': clean(set.mediaName ?? ''),
  };
  for (const tier of set.tiers) {
    if (!BORIS_KINDS.has(tier.kind)) continue;
    const notes = notesOf(set, tier);
    for (const { range, value } of tier.items) {
      const isPoint = range.start === range.end;
      const cells: Partial<Record<Column, string>> = {
        ...fixed,
        Subject: NO_SUBJECT,
        Behavior: clean(value),
        'Behavioral category': clean(tier.name),
        'Behavior type': isPoint ? 'POINT' : 'STATE',
        'Start (s)': formatSeconds(range.start),
        'Stop (s)': formatSeconds(range.end),
        'Duration (s)': isPoint ? 'NA' : formatSeconds(durationOf(range)),
        'Comment start': clean(notes.get(rangeKey(range)) ?? ''),
      };
      yield `${COLUMNS.map((column) => cells[column] ?? '').join('\t')}\n`;
    }
  }
}
