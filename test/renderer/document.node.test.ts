import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Segment } from '../../core/segments/segment.js';
import { fromSeconds, microseconds } from '../../core/time/microseconds.js';
import { analysisFingerprint, defaultParameters, emptyDocument } from '../../renderer/document/annotationDocument.js';
import {
  addMark,
  changeLabel,
  changeMark,
  clearLabel,
  labelOf,
  mergeProposals,
  newMark,
  nextProposal,
  removeMark,
  resizeSegment,
  setLabel,
} from '../../renderer/document/edits.js';
import { History } from '../../renderer/document/history.js';
import { plain, signed } from '../../renderer/words.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const range = (start: number, end: number) => ({ start: fromSeconds(start), end: fromSeconds(end) });
const segment = (id: string, start: number, end: number): Segment => ({ id, range: range(start, end), origin: 'cue' });
const empty = emptyDocument('rec-1', defaultParameters('speech-face-en'));
const base = { ...empty, segments: [segment('a', 0, 2), segment('b', 2, 4), segment('c', 5, 6)] };

describe('undo', () => {
  it('takes back and does again any series of edits, exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 40 }), (values) => {
        const history = new History<number>();
        let now = 0;
        const seen = [now];
        for (const value of values) {
          history.record('edit', now, value);
          now = value;
          seen.push(now);
        }
        for (let index = seen.length - 2; index >= 0; index -= 1) expect(history.undo()?.value).toBe(seen[index]);
        expect(history.undo()).toBeUndefined();
        for (let index = 1; index < seen.length; index += 1) expect(history.redo()?.value).toBe(seen[index]);
      }),
    );
  });

  it('makes typing in one field one step, and a new edit ends redo', () => {
    const history = new History<string>();
    history.record('note', '', 'a', 'note 1');
    history.record('note', 'a', 'ab', 'note 1');
    history.record('note', 'ab', 'x', 'note 2');
    expect(history.undo()?.value).toBe('ab');
    expect(history.undo()?.value).toBe('');
    history.record('other', '', 'y');
    expect(history.redo()).toBeUndefined();
  });
});

describe('edits', () => {
  it('leave the old document as it was', () => {
    const frozen = JSON.stringify(base);
    const marked = addMark(base, newMark('m1', 'visual', range(1, 2)));
    setLabel(changeMark(marked, 'm1', { severity: 1 }), 'a', 'sadness', NOW);
    removeMark(marked, 'm1');
    expect(JSON.stringify(base)).toBe(frozen);
  });

  it('a human mark counts at once, a label stands beside the model, and clearing it leaves nothing behind', () => {
    expect(newMark('m1', 'audio', range(0, 1))).toMatchObject({ source: 'human', review: 'confirmed' });
    const labelled = setLabel(base, 'a', 'fear', NOW);
    expect(labelOf(labelled, 'a')).toMatchObject({ label: 'fear', raterId: 'R1', modifiedUtc: NOW.toISOString() });
    expect(clearLabel(labelled, 'a').labels).toEqual([]);
  });

  it('an emptied note or score is absent, never an empty text or 0', () => {
    const rated = changeLabel(setLabel(base, 'a', 'fear', NOW), 'a', { note: 'x', score: -1 }, NOW);
    expect(labelOf(rated, 'a')).toMatchObject({ note: 'x', score: -1 });
    const emptied = labelOf(changeLabel(rated, 'a', { note: '', score: undefined }, NOW), 'a');
    expect(emptied).not.toHaveProperty('note');
    expect(emptied).not.toHaveProperty('score');
  });

  it('changing the label keeps note and score', () => {
    const rated = changeLabel(setLabel(base, 'a', 'fear', NOW), 'a', { note: 'x' }, NOW);
    expect(labelOf(setLabel(rated, 'a', 'anger', NOW), 'a')).toMatchObject({ label: 'anger', note: 'x' });
  });

  it('a segment never grows into its neighbours nor shrinks below a frame', () => {
    const frame = microseconds(40_000);
    const wide = resizeSegment(base, 'b', range(0.5, 9), frame).segments[1]!.range;
    expect(wide).toEqual(range(2, 5));
    const thin = resizeSegment(base, 'b', range(3.99999, 4), frame).segments[1]!.range;
    expect(thin.end - thin.start).toBe(40_000);
  });

  it('new proposals replace unreviewed ones and leave the work of people alone', () => {
    const proposal = { ...newMark('p', 'visual', range(0, 1)), source: 'auto' as const, review: 'proposed' as const };
    const mine = newMark('m', 'audio', range(0, 1));
    const rejected = { ...proposal, id: 'r', range: range(3, 4), review: 'rejected' as const };
    const again = { ...rejected, id: 'p2', review: 'proposed' as const };
    const fresh = { ...proposal, id: 'p3', range: range(7, 8) };
    const merged = mergeProposals([proposal, mine, rejected], [again, fresh]);
    expect(merged.map((mark) => mark.id)).toEqual(['m', 'r', 'p3']);
  });

  it('next proposal goes round in order of time', () => {
    const at = (id: string, start: number) => ({
      ...newMark(id, 'visual', range(start, start + 1)),
      review: 'proposed' as const,
    });
    const marks = [at('late', 9), at('early', 1), newMark('mine', 'audio', range(0, 1))];
    expect(nextProposal(marks, 0)?.id).toBe('early');
    expect(nextProposal(marks, 0, 'early')?.id).toBe('late');
    expect(nextProposal(marks, 0, 'late')?.id).toBe('early');
    expect(nextProposal([], 0)).toBeUndefined();
  });
});

describe('the fingerprint of an analysis', () => {
  it('changes with marks, segments and parameters, not with labels and notes', () => {
    const marked = addMark(base, newMark('m1', 'visual', range(1, 2)));
    const before = analysisFingerprint(marked);
    expect(analysisFingerprint(setLabel(marked, 'a', 'fear', NOW))).toBe(before);
    expect(analysisFingerprint(changeMark(marked, 'm1', { note: 'x' }))).toBe(before);
    expect(analysisFingerprint(changeMark(marked, 'm1', { severity: 1 }))).not.toBe(before);
    expect(analysisFingerprint(changeMark(marked, 'm1', { range: range(1, 2.000001) }))).not.toBe(before);
    expect(analysisFingerprint({ ...marked, parameters: { ...marked.parameters, seed: 18 } })).not.toBe(before);
  });
});

describe('numbers on the page', () => {
  it('carry a real minus sign, and missing is NA, never 0', () => {
    expect(signed(-1.424)).toBe('−1.42');
    expect(signed(0.5, 1)).toBe('+0.5');
    expect(signed(-0.001)).toBe('0.00');
    expect([signed(undefined), signed(Number.NaN), plain(undefined), plain(Number.NaN)]).toEqual([
      'NA',
      'NA',
      'NA',
      'NA',
    ]);
  });
});
