import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../core/analysis/defaultParameters.js';
import { type AnnotationDocument, emptyDocument } from '../../../core/document/annotationDocument.js';
import { assertDocumentInvariants } from '../../../core/document/assertDocumentInvariants.js';
import type { RaterLabel } from '../../../core/labels/label.js';
import type { CorruptionMark } from '../../../core/marks/mark.js';
import { addRecordings, assignParticipant, setCondition } from '../../../core/project/editProject.js';
import { mergeDocuments } from '../../../core/project/mergeDocuments.js';
import { mergeProjects } from '../../../core/project/mergeProjects.js';
import { emptyProject } from '../../../core/project/project.js';
import type { Segment } from '../../../core/segments/segment.js';
import { fromSeconds } from '../../../core/time/microseconds.js';

const range = (start: number, end: number) => ({ start: fromSeconds(start), end: fromSeconds(end) });
const segment = (id: string, start: number, end: number, text?: string): Segment => ({
  id,
  range: range(start, end),
  origin: 'cue',
  ...(text === undefined ? {} : { text }),
});
const label = (
  segmentId: string,
  raterId: string,
  emotion: RaterLabel['label'],
  utc = '2026-11-25T10:00:00.000Z',
): RaterLabel => ({
  segmentId,
  raterId,
  label: emotion,
  modifiedUtc: utc,
});
const mark = (id: string, start: number, part: Partial<CorruptionMark> = {}): CorruptionMark => ({
  id,
  modality: 'audio',
  range: range(start, start + 1),
  kind: 'noisy',
  severity: 2,
  source: 'auto',
  detector: 'snr/1',
  review: 'proposed',
  note: '',
  ...part,
});

const base: AnnotationDocument = {
  ...emptyDocument('rec-a', fromSeconds(60), defaultParameters()),
  segments: [segment('s0001', 0, 5, 'one'), segment('s0002', 5, 9, 'two')],
  marks: [mark('a1', 1)],
  labels: [label('s0001', 'R1', 'sadness')],
};

describe('merging two documents', () => {
  it('two equal documents have nothing to add and nothing to ask, and stay as they are', () => {
    const merge = mergeDocuments(base, structuredClone(base), 'anna');
    expect(merge.conflicts).toEqual([]);
    expect(merge.counts).toEqual({ segments: 0, marks: 0, labels: 0, reviews: 0, annotations: 0, others: 0 });
    expect(merge.apply({})).toEqual(base);
  });

  it('adds segments, marks and labels that only the other side has', () => {
    const theirs: AnnotationDocument = {
      ...base,
      segments: [...base.segments, segment('s0003', 20, 25)],
      marks: [...base.marks, mark('h1', 30, { source: 'human', review: 'confirmed' })],
      labels: [...base.labels, label('s0001', 'R2', 'anger'), label('s0003', 'R2', 'fear')],
    };
    const merge = mergeDocuments(base, theirs, 'anna');
    expect(merge).toMatchObject({ conflicts: [], counts: { segments: 1, marks: 1, labels: 2 } });
    const merged = merge.apply({});
    assertDocumentInvariants(merged);
    expect(merged.labels).toHaveLength(3);
  });

  it('finds the same segment under another id, and puts their labels on mine', () => {
    const theirs: AnnotationDocument = {
      ...base,
      segments: [segment('x1', 0, 5, 'one'), segment('s0002', 5, 9, 'two')],
      labels: [label('x1', 'R2', 'anger')],
    };
    const merged = mergeDocuments(base, theirs, 'anna').apply({});
    expect(merged.segments).toEqual(base.segments);
    expect(merged.labels.map(({ segmentId, raterId }) => [segmentId, raterId])).toEqual([
      ['s0001', 'R1'],
      ['s0001', 'R2'],
    ]);
  });

  it('asks where one rater said different things: mine, theirs, or both as two raters', () => {
    const theirs: AnnotationDocument = { ...base, labels: [label('s0001', 'R1', 'anger')] };
    const merge = mergeDocuments(base, theirs, 'anna');
    const [conflict] = merge.conflicts;
    expect(conflict).toMatchObject({ kind: 'label', mine: 'sadness', theirs: 'anger' });
    const key = conflict!.key;
    const said = (choice: 'mine' | 'theirs' | 'both') =>
      merge.apply({ [key]: choice }).labels.map(({ raterId, label: emotion }) => `${raterId} ${emotion}`);
    expect(said('mine')).toEqual(['R1 sadness']);
    expect(said('theirs')).toEqual(['R1 anger']);
    expect(said('both')).toEqual(['R1 sadness', 'R1-anna anger']);
  });

  it('a label that was only saved at another time is no conflict', () => {
    const theirs: AnnotationDocument = {
      ...base,
      labels: [label('s0001', 'R1', 'sadness', '2026-11-26T10:00:00.000Z')],
    };
    expect(mergeDocuments(base, theirs, 'anna').conflicts).toEqual([]);
  });

  it('asks where a segment was moved, and keeping both gives theirs an id of its own', () => {
    const theirs: AnnotationDocument = {
      ...base,
      segments: [segment('s0001', 0, 4, 'one'), segment('s0002', 5, 9, 'two')],
    };
    const merge = mergeDocuments(base, theirs, 'anna');
    expect(merge.conflicts.map(({ what }) => what)).toEqual(['segment s0001']);
    const both = merge.apply({ [merge.conflicts[0]!.key]: 'both' });
    assertDocumentInvariants(both);
    expect(both.segments.map(({ id }) => id)).toEqual(['s0001.2', 's0001', 's0002']);
    expect(merge.apply({ [merge.conflicts[0]!.key]: 'theirs' }).segments[0]?.range).toEqual(range(0, 4));
  });

  it('takes their review of a proposal that I left open, and asks where both reviewed differently', () => {
    const confirmed: AnnotationDocument = { ...base, marks: [mark('a1', 1, { review: 'confirmed' })] };
    const taken = mergeDocuments(base, confirmed, 'anna');
    expect(taken).toMatchObject({ conflicts: [], counts: { reviews: 1, marks: 0 } });
    expect(taken.apply({}).marks[0]?.review).toBe('confirmed');
    const rejected: AnnotationDocument = { ...base, marks: [mark('a1', 1, { review: 'rejected' })] };
    expect(mergeDocuments(rejected, confirmed, 'anna').conflicts).toHaveLength(1);
    expect(mergeDocuments(confirmed, base, 'anna').apply({}).marks[0]?.review).toBe('confirmed');
  });

  it('merges fields that this version of the merge does not know by the ids of their items', () => {
    const notes = (...texts: string[]) => texts.map((text, index) => ({ id: `n${index + 1}`, text }));
    const mine = { ...base, remarks: notes('a') } as AnnotationDocument;
    const theirs = { ...base, remarks: notes('b', 'c') } as AnnotationDocument;
    const merge = mergeDocuments(mine, theirs, 'anna');
    expect(merge.conflicts.map(({ what }) => what)).toEqual(['remarks, n1']);
    expect(merge.apply({})).toMatchObject({ remarks: [{ text: 'a' }, { id: 'n2', text: 'c' }] });
    expect(merge.apply({ 'remarks n1': 'theirs' })).toMatchObject({ remarks: [{ text: 'b' }, { text: 'c' }] });
  });

  it('puts their decisions of the review on my segments, and asks where one rater decided twice', () => {
    const review = (segmentId: string, raterId: string, outcome: 'accepted' | 'skipped') => ({
      ...{ segmentId, raterId, outcome },
      reviewedUtc: '2026-11-25T10:00:00.000Z',
    });
    const mine: AnnotationDocument = { ...base, reviews: [review('s0001', 'R1', 'skipped')] };
    const theirs: AnnotationDocument = {
      ...base,
      segments: [segment('x1', 0, 5, 'one'), segment('s0002', 5, 9, 'two')],
      labels: [],
      reviews: [review('x1', 'R1', 'accepted'), review('x1', 'R2', 'accepted')],
    };
    const merge = mergeDocuments(mine, theirs, 'anna');
    expect(merge.conflicts.map(({ what }) => what)).toEqual(['reviews, s0001 of R1']);
    expect(merge.apply({}).reviews?.map(({ segmentId, raterId, outcome }) => [segmentId, raterId, outcome])).toEqual([
      ['s0001', 'R1', 'skipped'],
      ['s0001', 'R2', 'accepted'],
    ]);
  });

  it('keeps annotations, values and names of tiers of both sides, and continuous ratings of both', () => {
    const utc = '2026-11-25T10:00:00.000Z';
    const tier = (id: string, name: string) => ({ id, name, schemeId: 'k1' });
    const scheme = (...values: string[]) => ({
      id: 'k1',
      name: 'Gaze',
      values: values.map((value) => ({ value, colour: 'blue' as const, letter: 'A', key: 'Digit1' })).slice(0, 1),
    });
    const annotation = (id: string, tierId: string, value: string) => ({
      ...{ id, tierId, value, raterId: 'R1', modifiedUtc: utc },
      range: range(1, 2),
    });
    const mine: AnnotationDocument = {
      ...base,
      tiers: [tier('t1', 'Gaze')],
      schemes: [scheme('at partner')],
      annotations: [annotation('a0001', 't1', 'at partner')],
    };
    const theirs: AnnotationDocument = {
      ...base,
      tiers: [tier('t7', 'Gaze'), { id: 't1', name: 'Posture' }],
      schemes: [scheme('away')],
      annotations: [annotation('a0001', 't7', 'away')],
    };
    const merge = mergeDocuments(mine, theirs, 'anna');
    expect(merge.conflicts).toMatchObject([{ mine: 'at partner', theirs: 'away' }]);
    for (const choice of ['mine', 'theirs', 'both'] as const) {
      const merged = merge.apply({ [merge.conflicts[0]!.key]: choice });
      assertDocumentInvariants(merged);
      expect(merged.tiers?.map(({ id, name }) => [id, name])).toEqual([
        ['t1', 'Gaze'],
        ['t1.2', 'Posture'],
      ]);
      expect(merged.annotations).toHaveLength(choice === 'both' ? 2 : 1);
    }
  });

  it('parameters that differ are a question, with mine as the answer that nobody gave', () => {
    const theirs: AnnotationDocument = { ...base, parameters: { ...base.parameters, seed: 7 } };
    const merge = mergeDocuments(base, theirs, 'anna');
    expect(merge.conflicts.map(({ what }) => what)).toEqual(['parameters']);
    expect(merge.apply({}).parameters.seed).toBe(0);
    expect(merge.apply({ 'field parameters': 'theirs' }).parameters.seed).toBe(7);
  });
});

describe('merging two projects', () => {
  const mine = assignParticipant(
    addRecordings(emptyProject('prj-1', 'Mine', '2026-11-25T10:00:00.000Z'), ['rec-a', 'rec-b']),
    'rec-a',
    'P01',
  );

  it('has recordings, people and levels of both, and fills what I left open', () => {
    const arm = setCondition(mine, { name: 'arm', type: 'category', levels: ['control'] });
    const theirs = setCondition(
      assignParticipant(assignParticipant(addRecordings(mine, ['rec-c']), 'rec-c', 'P03'), 'rec-b', 'P02'),
      { name: 'arm', type: 'category', levels: ['treated'] },
    );
    const merge = mergeProjects(arm, theirs);
    const merged = merge.apply({});
    expect(merge).toMatchObject({ newRecordings: 1, conflicts: [] });
    expect(merged.participants.map(({ id }) => id)).toEqual(['P01', 'P02', 'P03']);
    expect(merged.recordings.map(({ participantId }) => participantId)).toEqual(['P01', 'P02', 'P03']);
    expect(merged.conditions[0]?.levels).toEqual(['control', 'treated']);
  });

  it('asks where a recording is of another participant', () => {
    const theirs = assignParticipant(mine, 'rec-a', 'P09');
    const merge = mergeProjects(mine, theirs);
    expect(merge.conflicts).toMatchObject([{ mine: 'P01', theirs: 'P09' }]);
    expect(merge.apply({}).recordings[0]?.participantId).toBe('P01');
    expect(merge.apply({ [merge.conflicts[0]!.key]: 'theirs' }).recordings[0]?.participantId).toBe('P09');
  });
});
