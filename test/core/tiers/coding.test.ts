import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../core/analysis/defaultParameters.js';
import { type AnnotationDocument, emptyDocument } from '../../../core/document/annotationDocument.js';
import { assertDocumentInvariants } from '../../../core/document/assertDocumentInvariants.js';
import {
  addAnnotation,
  changeAnnotation,
  mergeAnnotations,
  removeAnnotations,
  resizeAnnotation,
  setAnnotationValue,
  splitAnnotation,
} from '../../../core/tiers/editAnnotations.js';
import {
  addScheme,
  changeScheme,
  lockScheme,
  removeScheme,
  unlockScheme,
  type ValueDraft,
} from '../../../core/tiers/editSchemes.js';
import { addTier, moveTier, removeTier, renameTier } from '../../../core/tiers/editTiers.js';
import { EMOTION_SCHEME, firstLook, letterOf } from '../../../core/tiers/scheme.js';
import { fromSeconds, microseconds } from '../../../core/time/microseconds.js';
import { range } from '../fixtures.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const FRAME = microseconds(40_000);
const BY = { raterId: 'R1', now: NOW };
const EMPTY = emptyDocument('rec-1', fromSeconds(20), defaultParameters());
const draft = (value: string, index: number, was?: string): ValueDraft => ({
  value,
  ...firstLook(index),
  letter: letterOf(value),
  ...(was === undefined ? {} : { was }),
});

/** A document with the scheme Gaze (face, away) and the tiers Gaze and Remarks. */
function coded(): AnnotationDocument {
  const made = addScheme(EMPTY, 'Gaze');
  const values = [draft('face', 0), draft('away', 1)];
  const filled = changeScheme(made.document, made.scheme.id, { name: 'Gaze', values }, BY);
  return addTier(addTier(filled, 'Gaze', made.scheme.id).document, 'Remarks').document;
}
const add = (document: AnnotationDocument, start: number, end: number, value?: string, tierId = 't0001') =>
  addAnnotation(
    document,
    { tierId, range: range(start, end), raterId: 'R1', ...(value === undefined ? {} : { value }) },
    NOW,
  );

describe('tiers', () => {
  it('names are unique, not empty, and ids of tiers are given once', () => {
    const document = coded();
    expect(document.tiers?.map(({ id, name }) => [id, name])).toEqual([
      ['t0001', 'Gaze'],
      ['t0002', 'Remarks'],
    ]);
    expect(() => addTier(document, ' Gaze ')).toThrow(/is a tier “Gaze” already/);
    expect(() => renameTier(document, 't0002', '')).toThrow(/Give the tier a name/);
    expect(renameTier(document, 't0002', 'Notes').tiers?.[1]?.name).toBe('Notes');
    expect(moveTier(document, 't0002', -1).tiers?.map(({ id }) => id)).toEqual(['t0002', 't0001']);
    expect(moveTier(document, 't0001', -1)).toBe(document);
  });

  it('a tier goes with its annotations and leaves those of other tiers', () => {
    const two = add(add(coded(), 1, 2, 'face').document, 3, 4, 'hm', 't0002').document;
    const without = removeTier(two, 't0001');
    expect(without.annotations?.map(({ value }) => value)).toEqual(['hm']);
    assertDocumentInvariants(without);
  });
});

describe('annotations', () => {
  it('lie inside the recording, in order of start, and hold values of their scheme only', () => {
    const first = add(coded(), 18, 30, 'face');
    expect(first.annotation.range).toEqual(range(18, 20));
    const second = add(first.document, 2, 3);
    expect(second.document.annotations?.map(({ id }) => id)).toEqual(['a0002', 'a0001']);
    expect(second.annotation).not.toHaveProperty('value');
    expect(() => add(coded(), 1, 2, 'smile')).toThrow(/is no value of the scheme “Gaze”/);
    assertDocumentInvariants(second.document);
  });

  it('an edge stops at the neighbour of the same rater and is never shorter than a frame', () => {
    const { document } = add(add(coded(), 1, 2, 'face').document, 3, 4, 'away');
    const grown = resizeAnnotation(document, 'a0001', range(0.5, 3.5), FRAME, NOW);
    expect(grown.annotations?.[0]?.range).toEqual(range(0.5, 3));
    const thin = resizeAnnotation(document, 'a0001', range(1.99, 2), FRAME, NOW).annotations?.[0]?.range;
    expect(thin && thin.end - thin.start).toBe(40_000);
  });

  it('splitting keeps a code in both parts and divides a text; merging joins them again', () => {
    const { document } = add(add(coded(), 1, 3, 'face').document, 1, 3, 'looks away now', 't0002');
    const code = splitAnnotation(document, 'a0001', fromSeconds(2), NOW);
    expect(code.document.annotations?.filter(({ tierId }) => tierId === 't0001').map(({ value }) => value)).toEqual([
      'face',
      'face',
    ]);
    const text = splitAnnotation(document, 'a0002', fromSeconds(2), NOW);
    expect(text.document.annotations?.filter(({ tierId }) => tierId === 't0002').map(({ value }) => value)).toEqual([
      'looks',
      'away now',
    ]);
    const joined = mergeAnnotations(text.document, ['a0002', text.annotation.id], NOW);
    expect(joined.annotation).toMatchObject({ range: range(1, 3), value: 'looks away now' });
    expect(() => mergeAnnotations(document, ['a0001', 'a0002'], NOW)).toThrow(/one tier and one rater/);
  });

  it('an emptied value, note or flag is absent, never empty', () => {
    const { document } = add(coded(), 1, 2, 'face');
    const full = changeAnnotation(document, 'a0001', { note: 'x', flagged: true }, NOW);
    expect(full.annotations?.[0]).toMatchObject({ note: 'x', flagged: true });
    const bare = changeAnnotation(full, 'a0001', { note: '', flagged: false }, NOW);
    expect(bare.annotations?.[0]).not.toHaveProperty('note');
    expect(bare.annotations?.[0]).not.toHaveProperty('flagged');
    expect(setAnnotationValue(bare, 'a0001', ' ', NOW).annotations?.[0]).not.toHaveProperty('value');
    expect(removeAnnotations(bare, ['gone'])).toBe(bare);
  });
});

describe('schemes', () => {
  it('the emotion labels are a scheme with the keys 1 to 7', () => {
    expect(EMOTION_SCHEME.values.map(({ key }) => key)).toEqual([1, 2, 3, 4, 5, 6, 7].map((digit) => `Digit${digit}`));
    expect(() => lockScheme(EMPTY, 'emotion', BY)).toThrow(/built in/);
  });

  it('annotations follow a value that gets another name, and a value in use cannot go', () => {
    const { document } = add(coded(), 1, 2, 'face');
    const renamed = changeScheme(
      document,
      'c0001',
      { name: 'Gaze', values: [draft('partner', 0, 'face'), draft('away', 1, 'away')] },
      BY,
    );
    expect(renamed.annotations?.[0]?.value).toBe('partner');
    assertDocumentInvariants(renamed);
    expect(() => changeScheme(document, 'c0001', { name: 'Gaze', values: [draft('away', 1, 'away')] }, BY)).toThrow(
      /“face” is in use by 1 annotations/,
    );
  });

  it('two values may swap their names', () => {
    const { document } = add(add(coded(), 1, 2, 'face').document, 3, 4, 'away');
    const values = [draft('away', 0, 'face'), draft('face', 1, 'away')];
    const swapped = changeScheme(document, 'c0001', { name: 'Gaze', values }, BY);
    expect(swapped.annotations?.map(({ value }) => value)).toEqual(['away', 'face']);
  });

  it('refuses values without a name, twice the same value, or twice the same key', () => {
    const change = (values: readonly ValueDraft[]) => () =>
      changeScheme(coded(), 'c0001', { name: 'Gaze', values }, BY);
    expect(change([draft(' ', 0)])).toThrow(/Give every value a name/);
    expect(change([draft('a', 0), draft('a', 1)])).toThrow(/stands there twice/);
    expect(change([draft('a', 0), draft('b', 0)])).toThrow(/same key/);
  });

  it('a locked scheme does not change, unlocking takes a reason, and from the first lock on everything is logged', () => {
    const values = [draft('face', 0, 'face'), draft('away', 1, 'away'), draft('closed', 2)];
    expect(changeScheme(coded(), 'c0001', { name: 'Gaze', values }, BY)).not.toHaveProperty('schemeLog');
    const locked = lockScheme(coded(), 'c0001', BY);
    expect(() => changeScheme(locked, 'c0001', { name: 'Gaze', values }, BY)).toThrow(/is locked/);
    expect(() => removeScheme(locked, 'c0001', BY)).toThrow(/is locked/);
    expect(() => unlockScheme(locked, 'c0001', ' ', BY)).toThrow(/Say why/);
    const open = unlockScheme(locked, 'c0001', 'pilot showed a gap', { raterId: 'R2', now: NOW });
    const changed = lockScheme(changeScheme(open, 'c0001', { name: 'Gaze', values }, BY), 'c0001', BY);
    expect(changed.schemeLog?.map(({ raterId, what }) => `${raterId}: ${what}`)).toEqual([
      'R1: “Gaze” locked',
      'R2: “Gaze” unlocked: pilot showed a gap',
      'R1: value “closed” added',
      'R1: “Gaze” locked',
    ]);
  });

  it('a scheme that a tier uses cannot be removed', () => {
    expect(() => removeScheme(coded(), 'c0001', BY)).toThrow(/The tier “Gaze” uses this scheme/);
    expect(removeScheme(removeTier(coded(), 't0001'), 'c0001', BY).schemes).toEqual([]);
  });
});
