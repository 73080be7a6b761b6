import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../core/analysis/defaultParameters.js';
import { type AnnotationDocument, emptyDocument } from '../../../core/document/annotationDocument.js';
import { assertDocumentInvariants } from '../../../core/document/assertDocumentInvariants.js';
import { describeRecording } from '../../../core/interchange/describeRecording.js';
import { EXPORT_FORMATS } from '../../../core/interchange/formats.js';
import { defaultChoices } from '../../../core/interchange/importChoices.js';
import { markText, parseMarkText } from '../../../core/interchange/markText.js';
import { planImport } from '../../../core/interchange/plan/planImport.js';
import { type CorruptionMark, MARK_KINDS } from '../../../core/marks/mark.js';
import { csvChunks } from '../../../core/report/csv.js';
import { ANNOTATION_COLUMNS, annotationRows } from '../../../core/tiers/annotationRows.js';
import { fromSeconds, microseconds } from '../../../core/time/microseconds.js';
import { orderByStart } from '../../../core/time/orderByStart.js';
import { buildReport } from '../../../core/report/buildReport.js';
import { analysis, segment } from '../fixtures.js';
import { read } from './arbitraries.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const EMPTY = emptyDocument('rec-1', fromSeconds(100), defaultParameters());

/** One line of words in several scripts, with what the formats quote, and digits at the end. */
const words = fc
  .stringMatching(/^[A-Za-z0-9äß漢字'"<>&;,:=+@#|/ .-]{1,30}$/)
  .map((text) => text.trim())
  .filter((text) => /\p{L}/u.test(text) && text.toUpperCase() !== 'NA' && text.toLowerCase() !== 'n/a');
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const ranges = fc.uniqueArray(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 6 }).map((starts) =>
  starts
    .sort((a, b) => a - b)
    .map((start) => ({
      start: microseconds(start * 100_000),
      end: microseconds(start * 100_000 + 90_000),
    })),
);

/** Segments, marks and annotations, each place once, with notes, flags and kinds of the person's own. */
const documents: fc.Arbitrary<AnnotationDocument> = fc
  .record({
    places: ranges,
    marked: ranges,
    coded: ranges,
    notes: fc.array(optional(words), { minLength: 18, maxLength: 18 }),
    flags: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
    kinds: fc.array(optional(words), { minLength: 6, maxLength: 6 }),
    severities: fc.array(fc.constantFrom(1 as const, 2 as const, 3 as const), { minLength: 6, maxLength: 6 }),
  })
  .map(({ places, marked, coded, notes, flags, kinds, severities }): AnnotationDocument => {
    const remark = (note: string | undefined, flag: boolean | undefined) => ({
      ...(note === undefined ? {} : { note }),
      ...(flag ? { flagged: true as const } : {}),
    });
    const marks = marked.map((range, index): CorruptionMark => {
      const ownKind = kinds[index];
      return {
        ...{ id: `human-audio-${String(index + 1).padStart(4, '0')}`, modality: 'audio', range, source: 'human' },
        ...(ownKind === undefined ? { kind: MARK_KINDS[index] ?? 'other' } : { kind: 'other', ownKind }),
        ...{ severity: severities[index] ?? 1, review: 'confirmed', note: notes[6 + index] ?? '' },
      };
    });
    return {
      ...EMPTY,
      segments: places.map((range, index) => ({
        ...{ id: `s${String(index + 1).padStart(4, '0')}`, range, origin: 'human' as const },
        ...remark(notes[index], flags[index]),
      })),
      marks: orderByStart(marks),
      tiers: [{ id: 't0001', name: 'Remarks' }],
      annotations: coded.map((range, index) => ({
        ...{ id: `a${String(index + 1).padStart(4, '0')}`, tierId: 't0001', range, value: `value ${index}` },
        ...{ raterId: 'R1', modifiedUtc: NOW.toISOString(), ...remark(notes[12 + index], flags[6 + index]) },
      })),
    };
  });

/** What people said, whatever its id. */
const said = ({ segments, marks, annotations = [] }: AnnotationDocument) => ({
  segments: segments.map(({ id, range, note, flagged }) => [id, range.start, range.end, note, flagged]),
  marks: marks.map(({ modality, range, kind, ownKind, severity, note }) =>
    [modality, range.start, kind, ownKind, severity, note].join('|'),
  ),
  annotations: annotations.map(({ range, value, note, flagged }) => [range.start, range.end, value, note, flagged]),
});

function throughFile(id: 'eaf' | 'textgrid' | 'csv', document: AnnotationDocument): ReturnType<typeof read> {
  const format = EXPORT_FORMATS[id];
  if (!('write' in format)) throw new Error(`${id} is one file`);
  return read(`x.${format.extension}`, format.write(describeRecording(document), { createdUtc: NOW.toISOString() }));
}

describe('own kinds, notes and flags in files of other programs', () => {
  it.each(['eaf', 'textgrid', 'csv'] as const)(
    'written as %s and read into an empty recording all of it is back',
    (id) => {
      fc.assert(
        fc.property(documents, (document) => {
          const { set } = throughFile(id, document);
          const plan = planImport(EMPTY, set, defaultChoices(set), NOW);
          assertDocumentInvariants(plan.document);
          expect(said(plan.document)).toEqual(said(document));
          const own = new Set(document.marks.flatMap(({ ownKind }) => ownKind ?? []));
          expect(new Set(plan.document.markKinds ?? [])).toEqual(own);
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each(['eaf', 'textgrid', 'csv'] as const)('read back from %s into the same recording nothing changes', (id) => {
    fc.assert(
      fc.property(documents, (document) => {
        const { set } = throughFile(id, document);
        const plan = planImport(document, set, defaultChoices(set), NOW);
        expect(said(plan.document)).toEqual(said(document));
      }),
      { numRuns: 30 },
    );
  });

  it('marks.csv, segments.csv and annotations.csv of a report bring them back, too', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const { segments, marks } = document;
        const input = {
          ...{ recordingId: 'rec-1', inputSha256: 'ab'.repeat(32), duration: fromSeconds(100), appVersion: '1.0.0' },
          ...{ labels: [], problems: [], analysis: analysis({ segments, marks, results: [] }) },
          ...{ tiers: document.tiers ?? [], annotations: document.annotations ?? [] },
        };
        let next: AnnotationDocument = EMPTY;
        for (const table of buildReport(input)) {
          if (!['segments.csv', 'marks.csv', 'annotations.csv'].includes(table.fileName)) continue;
          const { set } = read(table.fileName, csvChunks(table.columns, table.rows()));
          next = planImport(next, set, defaultChoices(set), NOW).document;
        }
        expect(said(next)).toEqual(said(document));
      }),
      { numRuns: 40 },
    );
  });

  it('every kind and severity, of people’s own, too, is read as it was written', () => {
    fc.assert(
      fc.property(words, fc.constantFrom(1 as const, 2 as const, 3 as const), (ownKind, severity) => {
        const mark = { kind: 'other', ownKind, severity } as const;
        expect(parseMarkText(markText(mark))).toEqual(mark);
      }),
    );
    for (const kind of MARK_KINDS)
      expect(parseMarkText(markText({ kind, severity: 2 }))).toEqual({ kind, severity: 2 });
  });

  it('a note that is there stays, another one is put below it, and segments that come again keep theirs', () => {
    const document: AnnotationDocument = {
      ...EMPTY,
      segments: [
        { ...segment('s0001', 0, 2), note: 'mine', flagged: true },
        { ...segment('s0002', 2, 4), note: 'the same' },
      ],
    };
    const theirs = { ...document, segments: [{ ...segment('s0001', 0, 2), note: 'theirs' }, document.segments[1]!] };
    const { set } = throughFile('csv', theirs);
    const [first, second] = planImport(document, set, defaultChoices(set), NOW).document.segments;
    expect(first).toMatchObject({ flagged: true });
    expect(first?.note?.split('\n').sort()).toEqual(['mine', 'theirs']);
    expect(second?.note).toBe('the same');
  });

  it('annotations.csv keeps tier, scheme and rater of every annotation', () => {
    const coding = {
      tiers: [{ id: 't1', name: 'Mood', schemeId: 'emotion' }],
      annotations: [
        { id: 'a1', tierId: 't1', range: segment('x', 1, 2).range, value: 'anger', raterId: 'R7', modifiedUtc: '' },
      ],
    };
    const { set } = read('annotations.csv', csvChunks(ANNOTATION_COLUMNS, annotationRows('rec-1', coding)));
    const { document } = planImport(EMPTY, set, defaultChoices(set), NOW);
    expect(document.tiers).toEqual([{ id: 't0001', name: 'Mood', schemeId: 'emotion' }]);
    expect(document.annotations).toMatchObject([{ tierId: 't0001', value: 'anger', raterId: 'R7' }]);
  });
});
