import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../core/analysis/defaultParameters.js';
import { type AnnotationDocument, emptyDocument } from '../../../core/document/annotationDocument.js';
import { analysisFingerprint } from '../../../core/document/analysisFingerprint.js';
import { assertDocumentInvariants } from '../../../core/document/assertDocumentInvariants.js';
import { documentSchema } from '../../../core/document/documentSchema.js';
import {
  addSegment,
  mergeSegments,
  moveSegment,
  removeSegments,
  setRecovered,
  setSegmentText,
  setSpeaker,
  splitSegment,
  splitText,
} from '../../../core/segments/editSegments.js';
import { fromSeconds, microseconds } from '../../../core/time/microseconds.js';
import { range, segment } from '../fixtures.js';

const label = (segmentId: string, raterId: string, emotion: 'fear' | 'anger') => ({
  segmentId,
  raterId,
  label: emotion,
  modifiedUtc: '2026-01-01T00:00:00Z',
});
const DOCUMENT: AnnotationDocument = {
  ...emptyDocument('rec-1', fromSeconds(20), defaultParameters()),
  segments: [segment('s0001', 0, 4, 'one two three four'), segment('s0002', 4, 9, 'five'), segment('s0003', 12, 15)],
  labels: [label('s0001', 'R1', 'fear'), label('s0002', 'R1', 'anger'), label('s0002', 'R2', 'anger')],
};
const of = (document: AnnotationDocument, id: string) => document.segments.find((item) => item.id === id)!;

describe('leaving a modality missing', () => {
  it('is kept in the segment, changes what an analysis depends on, and goes without a trace', () => {
    const left = setRecovered(setRecovered(DOCUMENT, 's0002', 'visual', false), 's0002', 'text', false);
    assertDocumentInvariants(left);
    expect(v.is(documentSchema, left)).toBe(true);
    expect(of(left, 's0002').notRecovered).toEqual(['text', 'visual']);
    expect(analysisFingerprint(left)).not.toBe(analysisFingerprint(DOCUMENT));
    expect(setRecovered(left, 's0002', 'text', false)).toBe(left);
    const back = setRecovered(setRecovered(left, 's0002', 'text', true), 's0002', 'visual', true);
    expect(back).toEqual(DOCUMENT);
    expect(analysisFingerprint(back)).toBe(analysisFingerprint(DOCUMENT));
  });
});

describe('splitting a segment', () => {
  const split = splitSegment(DOCUMENT, 's0001', fromSeconds(2));

  it('gives two that meet at the cut, the first with the old id, words divided at a word border', () => {
    expect(of(split.document, 's0001')).toMatchObject({ range: range(0, 2), text: 'one two', origin: 'human' });
    expect(split.segment).toMatchObject({ id: 's0004', range: range(2, 4), text: 'three four' });
    expect(split.document.segments.map((item) => item.id)).toEqual(['s0001', 's0004', 's0002', 's0003']);
  });

  it('gives both parts the labels of the whole', () => {
    expect(split.document.labels.filter((item) => item.raterId === 'R1' && item.label === 'fear')).toHaveLength(2);
  });

  it('divides the words where the person says', () => {
    const { document, segment: second } = splitSegment(DOCUMENT, 's0001', fromSeconds(1), 13);
    expect([of(document, 's0001').text, second.text]).toEqual(['one two three', 'four']);
  });

  it('never leaves an empty text: what has no words has none', () => {
    expect(splitText('five', 0.9)).toEqual(['five', undefined]);
    expect(splitText('  ', 0.5)).toEqual([undefined, undefined]);
    expect(splitSegment(DOCUMENT, 's0002', fromSeconds(5), 0).document.segments[1]).not.toHaveProperty('text');
  });

  it('refuses a cut at an edge or outside', () => {
    for (const at of [0, 4, 5]) {
      expect(() => splitSegment(DOCUMENT, 's0001', fromSeconds(at))).toThrow(/does not lie inside/);
    }
  });

  it('merging what was split gives the words, times and labels back', () => {
    const text = fc.stringMatching(/^\w+( \w+){0,8}$/);
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 3_999_999 }), (words, at) => {
        const before = setSegmentText(DOCUMENT, 's0001', words);
        const parts = splitSegment(before, 's0001', microseconds(at));
        assertDocumentInvariants(parts.document);
        const { document } = mergeSegments(parts.document, [parts.segment.id, 's0001']);
        expect(of(document, 's0001')).toEqual({ ...of(before, 's0001'), origin: 'human' });
        expect(new Set(document.labels)).toEqual(new Set(before.labels));
      }),
    );
  });
});

describe('merging segments', () => {
  it('spans from the first start to the last end with all words; of each rater the first label stays', () => {
    const { document, segment: merged } = mergeSegments(DOCUMENT, ['s0003', 's0001', 's0002']);
    expect(merged).toMatchObject({ id: 's0001', range: range(0, 15), text: 'one two three four five' });
    expect(document.segments).toHaveLength(1);
    expect(document.labels.map((item) => [item.segmentId, item.raterId, item.label])).toEqual([
      ['s0001', 'R1', 'fear'],
      ['s0001', 'R2', 'anger'],
    ]);
  });

  it('refuses fewer than two', () => {
    expect(() => mergeSegments(DOCUMENT, ['s0001'])).toThrow(/two/);
    expect(() => mergeSegments(DOCUMENT, ['s0001', 'gone'])).toThrow(/no segment gone/);
  });
});

describe('adding, moving and removing segments', () => {
  it('a new segment is cut to the recording, has no text and an id that was never used', () => {
    const removed = removeSegments(DOCUMENT, ['s0003']);
    const { document, segment: added } = addSegment(removed, range(18, 30));
    expect(added).toEqual({ id: 's0003', range: range(18, 20), origin: 'human' });
    assertDocumentInvariants(document);
    expect(addSegment(DOCUMENT, range(1, 2)).segment.id).toBe('s0004');
  });

  it('an id with a label is not given again, even when its segment is gone', () => {
    const orphan = { ...DOCUMENT, segments: DOCUMENT.segments.slice(0, 1), labels: [label('s0009', 'R1', 'fear')] };
    expect(addSegment(orphan, range(5, 6)).segment.id).toBe('s0010');
  });

  it('typed times may overlap a neighbour, but not leave the recording', () => {
    expect(of(moveSegment(DOCUMENT, 's0001', range(0, 6)), 's0001').range).toEqual(range(0, 6));
    expect(of(moveSegment(DOCUMENT, 's0003', range(12, 99)), 's0003').range).toEqual(range(12, 20));
    expect(moveSegment(DOCUMENT, 's0001', range(0, 4))).toBe(DOCUMENT);
  });

  it('removing takes the labels along and leaves the rest', () => {
    const document = removeSegments(DOCUMENT, ['s0002', 'gone']);
    expect(document.segments.map((item) => item.id)).toEqual(['s0001', 's0003']);
    expect(document.labels).toEqual([label('s0001', 'R1', 'fear')]);
  });
});

describe('text and speaker', () => {
  it('empty is missing, never an empty text; the same is the same document', () => {
    expect(of(setSegmentText(DOCUMENT, 's0001', '  '), 's0001')).not.toHaveProperty('text');
    expect(setSegmentText(DOCUMENT, 's0002', ' five ')).toBe(DOCUMENT);
    const spoken = setSpeaker(DOCUMENT, 's0001', 'P1');
    expect(of(spoken, 's0001').speaker).toBe('P1');
    expect(of(setSpeaker(spoken, 's0001', ''), 's0001')).not.toHaveProperty('speaker');
  });
});
