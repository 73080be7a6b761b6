import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../core/analysis/defaultParameters.js';
import { type AnnotationDocument, emptyDocument } from '../../../core/document/annotationDocument.js';
import { assertDocumentInvariants } from '../../../core/document/assertDocumentInvariants.js';
import { describeRecording } from '../../../core/interchange/describeRecording.js';
import { EXPORT_FORMATS } from '../../../core/interchange/formats.js';
import { defaultChoices } from '../../../core/interchange/importChoices.js';
import { planImport } from '../../../core/interchange/plan/planImport.js';
import { addAnnotations } from '../../../core/tiers/editAnnotations.js';
import { addScheme, changeScheme } from '../../../core/tiers/editSchemes.js';
import { addTier } from '../../../core/tiers/editTiers.js';
import { firstLook, letterOf } from '../../../core/tiers/scheme.js';
import { schemeOf } from '../../../core/tiers/tier.js';
import { fromSeconds, microseconds } from '../../../core/time/microseconds.js';
import { read } from './arbitraries.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const EMPTY = emptyDocument('rec-1', fromSeconds(100), defaultParameters());

/** Tiers Gaze (scheme with two values), Mood (emotion labels) and note (free text, a name that kinds of ours have too). */
function prepared(): AnnotationDocument {
  const made = addScheme(EMPTY, 'Gaze directions');
  const values = ['partner', 'looks away'].map((value, index) => ({
    ...{ value, ...firstLook(index), letter: letterOf(value) },
  }));
  const by = { raterId: 'R1', now: NOW };
  const filled = changeScheme(made.document, made.scheme.id, { name: 'Gaze directions', values }, by);
  const gaze = addTier(filled, 'Gaze', made.scheme.id).document;
  return addTier(addTier(gaze, 'Mood', 'emotion').document, 'note').document;
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  t0001: ['partner', 'looks away'],
  t0002: ['neutral', 'anger'],
  t0003: ['hm', 'says "no"', 'ä & <b>'],
};
const anyAnnotation = fc
  .record({
    tierId: fc.constantFrom('t0001', 't0002', 't0003'),
    start: fc.integer({ min: 0, max: 90_000 }),
    length: fc.integer({ min: 1, max: 9_000 }),
    pick: fc.nat(2),
    raterId: fc.constantFrom('R1', 'R2'),
  })
  .map(({ tierId, start, length, pick, raterId }) => {
    const values = VALUES[tierId] ?? [];
    const range = { start: microseconds(start * 1000), end: microseconds((start + length) * 1000) };
    return { tierId, range, raterId, value: values[pick % values.length] ?? '' };
  });

/** What an annotation says, whatever its id. */
const said = (document: AnnotationDocument) =>
  (document.annotations ?? [])
    .map(({ tierId, range, value, raterId }) => {
      const tier = document.tiers?.find(({ id }) => id === tierId);
      return `${tier?.name} ${tier && (schemeOf(document, tier)?.name ?? 'text')} ${range.start} ${range.end} ${value} ${raterId}`;
    })
    .sort();

describe('tiers of people in files of other programs', () => {
  it('written as EAF and read into an empty recording they are the same: names, schemes, times, values, raters', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyAnnotation, { selector: (a) => JSON.stringify(a), maxLength: 12 }), (items) => {
        const document = addAnnotations(prepared(), items, NOW);
        const set = describeRecording({ ...document, mediaName: 'a.mp4' });
        const format = EXPORT_FORMATS.eaf;
        if (!('write' in format)) throw new Error('EAF is one file');
        const back = read('x.eaf', format.write(set, { createdUtc: NOW.toISOString() }));
        const plan = planImport(EMPTY, back.set, defaultChoices(back.set), NOW);
        assertDocumentInvariants(plan.document);
        expect(said(plan.document)).toEqual(said(document));
      }),
      { numRuns: 60 },
    );
  });

  it.each(['textgrid', 'csv'] as const)('read back from %s into the same recording nothing is added twice', (id) => {
    fc.assert(
      fc.property(fc.uniqueArray(anyAnnotation, { selector: (a) => JSON.stringify(a), maxLength: 12 }), (items) => {
        const document = addAnnotations(prepared(), items, NOW);
        const format = EXPORT_FORMATS[id];
        if (!('write' in format)) throw new Error(`${id} is one file`);
        const set = describeRecording({ ...document, mediaName: 'a.mp4' });
        const back = read(`x.${format.extension}`, format.write(set, { createdUtc: NOW.toISOString() }));
        const plan = planImport(document, back.set, defaultChoices(back.set), NOW);
        expect(said(plan.document)).toEqual(said(document));
        expect(plan.counts.annotations).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('a tier of another program becomes a tier here instead of being dropped', () => {
    const item = (start: number, value: string) => ({
      range: { start: fromSeconds(start), end: fromSeconds(start + 1) },
      value,
    });
    const vocabulary = { name: 'Hands', description: '', entries: [{ value: 'beat', description: 'to the rhythm' }] };
    const tier = {
      name: 'Gesture',
      kind: 'other',
      vocabulary: 'Hands',
      items: [item(1, 'beat'), item(200, 'beat')],
    } as const;
    const set = { tiers: [tier], vocabularies: [vocabulary] };
    const plan = planImport(EMPTY, set, defaultChoices(set), NOW);
    expect(said(plan.document)).toEqual(['Gesture Hands 1000000 2000000 beat R2']);
    expect(plan.document.schemes?.[0]?.values[0]).toMatchObject({ value: 'beat', description: 'to the rhythm' });
    expect(plan.problems.map(({ code }) => code)).toEqual(['import.outside']);
    expect(plan.document.segments).toBe(EMPTY.segments);
  });
});
