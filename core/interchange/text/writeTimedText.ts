import { formatHms } from '../../time/format.js';
import { microseconds, type TimeRange } from '../../time/microseconds.js';
import type { AnnotationSet, Tier } from '../annotationSet.js';
import { fromZero } from '../lanes.js';

interface Cue {
  readonly range: TimeRange;
  readonly text: string;
  readonly speaker: string | undefined;
}

/** A cue shorter than this cannot be written: both formats have milliseconds. */
const MILLISECOND = 1_000;

function cuesOf(set: AnnotationSet): Cue[] {
  return set.tiers
    .filter((tier) => tier.kind === 'transcript')
    .map(fromZero)
    .flatMap((tier) => tier.items.map(({ range, value }): Cue => ({ range, text: value, speaker: tier.owner })))
    .sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

function times({ start, end }: TimeRange): readonly [string, string] {
  const first = Math.round(start / MILLISECOND) * MILLISECOND;
  return [formatHms(microseconds(first)), formatHms(microseconds(Math.max(end, first + MILLISECOND)))];
}

/** One line, because a blank line would end the cue; an arrow in it would begin another. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().replaceAll('-->', '→');

/** Writes SubRip in pieces: the words with their times. It has no place for speakers or anything else. */
export function* writeSrt(set: AnnotationSet): Generator<string> {
  for (const [index, { range, text }] of cuesOf(set).entries()) {
    const [start, end] = times(range).map((time) => time.replace('.', ','));
    yield `${index + 1}\n${start ?? ''} --> ${end ?? ''}\n${oneLine(text)}\n\n`;
  }
}

const escapeVtt = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Kinds of tiers whose values go into notes. */
const NOTED: ReadonlySet<Tier['kind']> = new Set(['label', 'score', 'confidence', 'state', 'note']);

const rangeKey = ({ start, end }: TimeRange): string => `${start}-${end}`;

/** What other tiers say about a cue, by its times: `label@model: sadness`. */
function remarks(set: AnnotationSet): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const tier of set.tiers) {
    if (!NOTED.has(tier.kind)) continue;
    for (const { range, value } of fromZero(tier).items) {
      const list = found.get(rangeKey(range)) ?? [];
      list.push(`${tier.name}: ${oneLine(value)}`);
      found.set(rangeKey(range), list);
    }
  }
  return found;
}

/**
 * Writes WebVTT in pieces: cues with `<v Speaker>`, and before each a NOTE with labels, confidence and states of the same
 * times, which players do not show.
 */
export function* writeVtt(set: AnnotationSet): Generator<string> {
  const notes = remarks(set);
  yield 'WEBVTT\n\n';
  for (const { range, text, speaker } of cuesOf(set)) {
    const note = notes.get(rangeKey(range));
    if (note) yield `NOTE ${note.join('; ')}\n\n`;
    const voice = speaker === undefined ? '' : `<v ${escapeVtt(oneLine(speaker))}>`;
    yield `${times(range).join(' --> ')}\n${voice}${escapeVtt(oneLine(text))}\n\n`;
  }
}
