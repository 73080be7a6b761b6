import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../core/analysis/defaultParameters.js';
import { assertDocumentInvariants } from '../../../core/document/assertDocumentInvariants.js';
import { emptyDocument, type AnnotationDocument } from '../../../core/document/annotationDocument.js';
import { describeRecording } from '../../../core/interchange/describeRecording.js';
import { EXPORT_FORMATS } from '../../../core/interchange/formats.js';
import { defaultChoices } from '../../../core/interchange/importChoices.js';
import { planImport } from '../../../core/interchange/plan/planImport.js';
import { range, segment } from '../fixtures.js';
import { annotationSets, read } from './arbitraries.js';
import { sampleWork } from './sampleWork.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const fresh = (): AnnotationDocument => emptyDocument('rec-000000000000', sampleWork.duration, defaultParameters());

const judged = ({ labels }: Pick<AnnotationDocument, 'labels'>) =>
  labels.map(({ segmentId, raterId, label, score, note }) => [segmentId, raterId, label, score, note].join('|')).sort();
const damaged = ({ marks }: Pick<AnnotationDocument, 'marks'>) =>
  marks
    .filter(({ review }) => review === 'confirmed')
    .map(({ modality, range: { start, end }, kind, severity, note }) =>
      [modality, start, end, kind, severity, note].join('|'),
    )
    .sort();

describe('work on a recording, written and imported again', () => {
  it.each(['eaf', 'textgrid', 'textgrid-short', 'csv', 'audacity'] as const)('comes back whole through %s', (id) => {
    const format = EXPORT_FORMATS[id];
    if (!('write' in format)) throw new Error('no single file');
    const set = describeRecording(sampleWork);
    const file = read(`x.${format.extension}`, format.write(set, { createdUtc: '2026-01-01T00:00:00Z' }));
    const { document, problems } = planImport(fresh(), file.set, defaultChoices(file.set), NOW);
    assertDocumentInvariants(document);
    expect(problems).toEqual([]);
    expect(document.segments.map(({ id: name, range: at, text }) => [name, at, text])).toEqual(
      sampleWork.segments.map(({ id: name, range: at, text }) => [name, at, text]),
    );
    expect(judged(document)).toEqual(judged(sampleWork));
    expect(damaged(document)).toEqual(damaged(sampleWork));
    expect(document.cues.map(({ speaker }) => speaker)).toEqual(['Anna', 'Bo']);
  });

  it('keeps what a document promises, whatever a file holds', () => {
    fc.assert(
      fc.property(annotationSets({ overlaps: true }), (set) => {
        const work = { ...fresh(), segments: sampleWork.segments };
        assertDocumentInvariants(planImport(work, set, defaultChoices(set), NOW).document);
      }),
      { numRuns: 100 },
    );
  });

  it('leaves the document as it was when nothing is chosen', () => {
    const work = fresh();
    expect(planImport(work, describeRecording(sampleWork), new Map(), NOW).document).toBe(work);
  });
});

describe('labels of another rater', () => {
  const work: AnnotationDocument = {
    ...fresh(),
    segments: [segment('s1', 0, 2), segment('s2', 2, 4), segment('s3', 6, 8)],
  };
  const tiers = (rows: string) => read('x.txt', [rows]).set;

  it('go to the segments that they cover by half, and the rest is named with its line', () => {
    const set = tiers('0.1\t3.9\t[label@R7] sad\n6\t6.5\t[label@R7] anger\n9\t10\t[label@R7] fear\n');
    const { document, problems } = planImport(work, set, defaultChoices(set), NOW);
    expect(judged(document)).toEqual(['s1|R7|sadness||', 's2|R7|sadness||']);
    expect(problems.map(({ message }) => message.slice(0, 40))).toEqual([
      'Line 2: tier label@R7: "anger" covers ha',
      'Line 3: tier label@R7: "fear" covers hal',
    ]);
  });

  it('that are no emotion are named and not taken', () => {
    const set = tiers('0\t2\t[label@R7] bored\n');
    const { document, problems } = planImport(work, set, defaultChoices(set), NOW);
    expect(document.labels).toEqual([]);
    expect(problems[0]).toMatchObject({ code: 'import.unknown_label', severity: 'error' });
  });

  it('of the model are left out: model output never passes for a judgement', () => {
    const set = tiers('0\t2\t[label@model] anger\n');
    expect(planImport(work, set, defaultChoices(set), NOW).document).toBe(work);
  });
});

describe('marks', () => {
  it('that are there already are not taken again, and what reaches outside is cut and told', () => {
    const set = read('marks.csv', [
      'modality,start_s,end_s,kind,severity\naudio,11,14,noisy,2\naudio,20,21,noisy,2\n',
    ]).set;
    const first = planImport(fresh(), set, defaultChoices(set), NOW);
    expect(first.document.marks.map(({ range: at }) => at)).toEqual([range(11, 12)]);
    expect(first.problems.map(({ code }) => code)).toEqual(['import.cut', 'import.outside']);
    const again = planImport(first.document, set, defaultChoices(set), NOW);
    expect(again.document).toBe(first.document);
  });
});

describe('a plain table of labels', () => {
  it('becomes the labels of its rater on the segments that it covers, and a slip is told with its line', () => {
    const work = { ...fresh(), segments: [segment('s0001', 0, 1), segment('s0002', 1, 2), segment('s0003', 2, 3)] };
    const table = 'start_s,end_s,label,rater_id,score\n0,1,anger,Ann,-2\n1,2,fear,Ann,\n2,3,angr,Ann,1\n';
    const { set } = read('labels.csv', [table]);
    const { document, problems } = planImport(work, set, defaultChoices(set), NOW);
    assertDocumentInvariants(document);
    expect(judged(document)).toEqual(['s0001|Ann|anger|-2|', 's0002|Ann|fear||']);
    expect(problems.map(({ message }) => message).join()).toMatch(/Line 4: .*"angr" is no label/);
  });

  it('of a vocabulary of its own becomes a tier of its rater', () => {
    const { set } = read('labels.csv', ['start_s,end_s,label,rater_id\n0,1,leans in,Ann\n1,2,nods,Ann\n']);
    const { document } = planImport(fresh(), set, defaultChoices(set), NOW);
    assertDocumentInvariants(document);
    expect(document.tiers?.map(({ name }) => name)).toEqual(['labels']);
    expect(document.annotations?.map(({ raterId, value }) => [raterId, value])).toEqual([
      ['Ann', 'leans in'],
      ['Ann', 'nods'],
    ]);
    expect(document.labels).toEqual([]);
  });
});
