import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnnotationSet, Tier } from '../../../core/interchange/annotationSet.js';
import { EXPORT_FORMATS, exportLoss, type ExportFormatId } from '../../../core/interchange/formats.js';
import { microseconds } from '../../../core/time/microseconds.js';
import { annotationSets, essence, plainWords, read, transcripts } from './arbitraries.js';

const RUNS = { numRuns: 60 };
const OPTIONS = { createdUtc: '2026-01-01T00:00:00Z' };

function written(id: ExportFormatId, set: AnnotationSet): { readonly name: string; readonly chunks: Iterable<string> } {
  const format = EXPORT_FORMATS[id];
  if (!('write' in format)) throw new Error(`${id} is no single file`);
  return { name: `x.${format.extension}`, chunks: format.write(set, OPTIONS) };
}

function roundTrip(id: ExportFormatId, set: AnnotationSet) {
  const { name, chunks } = written(id, set);
  return read(name, chunks);
}

/** Items that stand on a tier in any of its lanes, since a format without overlaps reads them back merged. */
const comparable = (set: AnnotationSet, keep: (tier: Tier) => boolean = () => true) => essence(set.tiers.filter(keep));

describe('what is written is read back the same', () => {
  it('as EAF, with overlaps, dependent tiers and any text', () => {
    fc.assert(
      fc.property(annotationSets({ overlaps: true }), (set) => {
        expect(comparable(roundTrip('eaf', set).set)).toEqual(comparable(set));
      }),
      RUNS,
    );
  });

  it.each(['textgrid', 'textgrid-short'] as const)('as %s, with overlaps and any text', (id) => {
    fc.assert(
      fc.property(annotationSets({ overlaps: true }), (set) => {
        expect(comparable(roundTrip(id, set).set)).toEqual(comparable(set));
      }),
      RUNS,
    );
  });

  it('as a table of tiers, with formulas guarded', () => {
    fc.assert(
      fc.property(annotationSets({ overlaps: true }), (set) => {
        expect(comparable(roundTrip('csv', set).set)).toEqual(comparable(set));
      }),
      RUNS,
    );
  });

  it('as Audacity labels', () => {
    fc.assert(
      fc.property(annotationSets({ overlaps: true, text: plainWords }), (set) => {
        const back = roundTrip('audacity', set).set.tiers;
        const byName = (a: Tier, b: Tier) => (a.name < b.name ? -1 : 1);
        expect(essence([...back].sort(byName))).toEqual(essence([...set.tiers].sort(byName)));
      }),
      RUNS,
    );
  });

  it.each(['srt', 'vtt'] as const)('as %s: the words with their times', (id) => {
    fc.assert(
      fc.property(transcripts({ text: plainWords }), (set) => {
        const cues = (all: readonly Tier[]) =>
          all
            .flatMap(({ owner, items }) =>
              items.map(({ range, value }) =>
                [range.start, range.end, id === 'vtt' ? (owner ?? '') : '', value].join('|'),
              ),
            )
            .sort();
        const { set: back, problems } = roundTrip(id, set);
        expect(cues(back.tiers)).toEqual(cues(set.tiers));
        expect(problems.filter(({ severity }) => severity !== 'note')).toEqual([]);
      }),
      RUNS,
    );
  });

  it('as WebVTT, where markup in the words stays what it is', () => {
    const item = { range: { start: microseconds(0), end: microseconds(1_000_000) }, value: 'a <b> & c --> d' };
    const set: AnnotationSet = { tiers: [{ name: 'transcript', kind: 'transcript', items: [item] }], vocabularies: [] };
    expect(roundTrip('vtt', set).set.tiers[0]?.items[0]?.value).toBe('a <b> & c → d');
  });

  it('as events of BORIS: labels and marks', () => {
    fc.assert(
      fc.property(annotationSets({ overlaps: true }), (set) => {
        const coded = (tier: Tier) => tier.kind === 'label' || tier.kind === 'mark';
        expect(comparable(roundTrip('boris', set).set, coded)).toEqual(comparable(set, coded));
      }),
      RUNS,
    );
  });

  it('keeps points as points in a TextGrid, beside intervals of the same tier', () => {
    const at = (start: number, end: number, value: string) => ({
      range: { start: microseconds(start), end: microseconds(end) },
      value,
    });
    const set: AnnotationSet = {
      tiers: [{ name: 'gesture', kind: 'other', items: [at(0, 5, 'a'), at(2, 2, 'nod'), at(7, 7, 'blink')] }],
      vocabularies: [],
    };
    expect(essence(roundTrip('textgrid', set).set.tiers)).toEqual(essence(set.tiers));
  });

  it('says which tiers a format has no place for', () => {
    const set: AnnotationSet = {
      tiers: [
        {
          name: 'mark@audio',
          kind: 'mark',
          owner: 'audio',
          items: [{ range: { start: microseconds(0), end: microseconds(5) }, value: 'noisy 2' }],
        },
      ],
      vocabularies: [],
    };
    expect(exportLoss(set, 'srt')?.message).toContain('mark@audio');
    expect(exportLoss(set, 'eaf')).toBeUndefined();
  });
});

describe('a TextGrid of ours', () => {
  it('tiles every interval tier over the whole duration without overlap, as Praat demands', () => {
    fc.assert(
      fc.property(annotationSets({ overlaps: true }), (set) => {
        const text = [...written('textgrid', set).chunks].join('');
        const end = /^xmax = (\S+)/m.exec(text)?.[1];
        for (const tier of text.split(/item \[\d+\]:/).slice(1)) {
          const times = [...tier.matchAll(/^ {12}xm(?:in|ax) = (\S+)/gm)].map((match) => match[1]);
          expect(times[0]).toBe('0');
          expect(times.at(-1)).toBe(end);
          for (let index = 1; index + 1 < times.length; index += 2) expect(times[index]).toBe(times[index + 1]);
        }
      }),
      RUNS,
    );
  });
});
