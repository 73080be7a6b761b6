import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CorruptionMark } from '../../../core/marks/mark.js';
import type { Perception } from '../../../core/perception/perception.js';
import { judgeSegment, stateOf } from '../../../core/quality/judge.js';
import { DEFAULT_THRESHOLDS } from '../../../core/quality/thresholds.js';
import { MODALITIES } from '../../../core/recording/modality.js';
import { fromSeconds } from '../../../core/time/microseconds.js';
import { audioTrack, loseFace, mark, perception, range, segment, visualTrack, withoutStreams } from '../fixtures.js';

const SEGMENT = segment('s0001', 0, 4, 'some words here');
const judge = (input: Perception, marks: CorruptionMark[] = [], target = SEGMENT) =>
  judgeSegment(target, input, marks, DEFAULT_THRESHOLDS);

const dropout = (end: number): Perception =>
  perception(10, {
    audio: audioTrack(10, (time, row, track) => {
      if (time < end) track.levelDbfs[row] = -Infinity;
    }),
  });

describe('judging a clean segment', () => {
  it('finds every modality observed, wholly usable', () => {
    const judgement = judge(perception(10));
    for (const modality of MODALITIES) {
      expect(judgement[modality]).toMatchObject({ available: true, degraded: false, usableFraction: 1 });
      expect(stateOf(judgement[modality], false)).toBe('observed');
    }
    expect(judgement.visual.reason).toBe('a face was found in 20 of 20 frames, min 50 %');
    expect(judgement.text.quality).toBeUndefined();
  });
});

describe('measured absence is unusable by itself', () => {
  it('digital zero for most of a segment makes audio missing, whatever was reviewed', () => {
    const rejected = mark({ kind: 'dropout', range: range(0, 3), source: 'auto', review: 'rejected', severity: 3 });
    for (const marks of [[], [rejected]]) {
      const { audio } = judge(dropout(3), marks);
      expect(audio).toMatchObject({ available: false, usableFraction: 0.25, usable: [range(3, 4)] });
      expect(audio.reason).toContain('digital silence in 75 % of the segment');
      expect(stateOf(audio, false)).toBe('missing');
      expect(stateOf(audio, true)).toBe('recovered');
    }
  });

  it('digital zero for a smaller part leaves audio usable but flagged', () => {
    const { audio } = judge(dropout(1));
    expect(audio).toMatchObject({ available: true, degraded: true, usableFraction: 0.75 });
    expect(stateOf(audio, true)).toBe('degraded');
  });

  it('frames without a face or with a covered one are unusable, counted in the reason', () => {
    const visual = visualTrack(10, (time, frame, track) => {
      if (time < 2) loseFace(track, frame);
      else if (time < 3) track.landmarkScore[frame] = 0.2;
    });
    const { visual: judgement } = judge(perception(10, { visual }));
    expect(judgement).toMatchObject({ available: false, usableFraction: 0.25 });
    expect(judgement.reason).toContain('a face was found in 10 of 20 frames');
    expect(judgement.reason).toContain('covered in 5 of them');
    expect(judgement.reason).toContain('25 % of the segment usable, min 50 %');
  });

  it('a stream that is absent or was not decoded is missing', () => {
    const judgement = judge(withoutStreams(10, ['audio', 'visual']));
    expect(judgement.audio).toMatchObject({ available: false, usableFraction: 0, usable: [] });
    expect(judgement.audio.reason).toBe('the recording has no sound track');
    expect(judgement.visual.reason).toBe('the recording has no picture');
    const cut = judge(perception(10, { decodedAudioEnd: fromSeconds(1), decodedVideoEnd: fromSeconds(1) }));
    expect(cut.audio).toMatchObject({ available: false, usableFraction: 0.25 });
    expect(cut.visual).toMatchObject({ available: false, usableFraction: 0.25 });
  });

  it('a segment without words has no text', () => {
    for (const target of [segment('s', 0, 4), segment('s', 0, 4, '[inaudible]')]) {
      expect(judge(perception(10), [], target).text).toMatchObject({ available: false, usableFraction: 0 });
    }
  });
});

describe('marks', () => {
  it.each(MODALITIES)('a confirmed mark of severity 3 takes its time of %s away', (modality) => {
    const marks = [mark({ modality, range: range(0, 3), severity: 3, kind: 'other' })];
    expect(judge(perception(10), marks)[modality]).toMatchObject({ available: false, usable: [range(3, 4)] });
    const short = [mark({ modality, range: range(0, 0.2), severity: 3, kind: 'other' })];
    expect(judge(perception(10), short)[modality]).toMatchObject({ available: true, degraded: false });
  });

  it('a confirmed mark of severity 1 or 2 flags, even where it covers everything', () => {
    for (const severity of [1, 2] as const) {
      const { audio } = judge(perception(10), [mark({ range: range(0, 10), severity })]);
      expect(audio).toMatchObject({ available: true, degraded: true, usableFraction: 1 });
      expect(audio.reason).toContain(`noisy in 100 % (severity ${severity})`);
    }
  });

  it('a proposal never acts as a confirmed mark', () => {
    const proposal = mark({ range: range(0, 4), severity: 3, source: 'auto', review: 'proposed' });
    const { audio } = judge(perception(10), [proposal]);
    expect(audio).toMatchObject({ available: true, degraded: true, usableFraction: 1 });
    expect(audio.reason).toContain('proposed, not reviewed');
    expect(judge(perception(10), [{ ...proposal, range: range(0, 0.1) }]).audio.degraded).toBe(false);
  });

  it('a rejected mark, or one of another modality or another time, counts for nothing', () => {
    const clean = judge(perception(10));
    const others = [
      mark({ range: range(0, 4), severity: 3, source: 'auto', review: 'rejected' }),
      mark({ id: 'm2', range: range(4, 6), severity: 3 }),
    ];
    expect(judge(perception(10), others)).toEqual(clean);
  });

  it('usable time lies in the segment, and more marks never make more of it', () => {
    const anyMark = fc.record({
      modality: fc.constantFrom(...MODALITIES),
      start: fc.nat(9_000),
      length: fc.integer({ min: 1, max: 4_000 }),
      severity: fc.constantFrom(1 as const, 2 as const, 3 as const),
      review: fc.constantFrom('proposed' as const, 'confirmed' as const, 'rejected' as const),
    });
    const input = perception(10);
    fc.assert(
      fc.property(fc.array(anyMark, { maxLength: 6 }), (raw) => {
        const marks = raw.map(({ modality, start, length, severity, review }, i) =>
          mark({
            id: `m${i}`,
            modality,
            range: range(start / 1e3, (start + length) / 1e3),
            severity,
            review,
            source: 'auto',
          }),
        );
        const all = judge(input, marks);
        const fewer = judge(input, marks.slice(1));
        for (const modality of MODALITIES) {
          const { usable, usableFraction, reason } = all[modality];
          expect(usableFraction).toBeGreaterThanOrEqual(0);
          expect(usableFraction).toBeLessThanOrEqual(fewer[modality].usableFraction);
          expect(usable.every((part) => part.start >= 0 && part.end <= SEGMENT.range.end)).toBe(true);
          expect(reason).not.toBe('');
        }
      }),
      { numRuns: 60 },
    );
  });
});
