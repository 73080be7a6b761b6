import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentRecording } from '../../../core/segments/segmentRecording.js';
import { fromSeconds, microseconds, type TimeRange } from '../../../core/time/microseconds.js';
import { unionRanges } from '../../../core/time/ranges.js';

const range = (start: number, end: number): TimeRange => ({ start: fromSeconds(start), end: fromSeconds(end) });
const cue = (start: number, end: number, text: string) => ({ range: range(start, end), text });
const base = { duration: fromSeconds(60), cues: [], speech: [], hasAudio: true };

describe('cutting a recording into segments', () => {
  it('takes one segment per cue, numbered in order of start', () => {
    const { segments, problems } = segmentRecording({ ...base, cues: [cue(5, 7, 'second'), cue(1, 3, 'first')] });
    expect(problems).toEqual([]);
    expect(segments).toEqual([
      { id: 's0001', range: range(1, 3), origin: 'cue', text: 'first' },
      { id: 's0002', range: range(5, 7), origin: 'cue', text: 'second' },
    ]);
  });

  it('leaves text out where a cue has no words, never as an empty string', () => {
    const { segments } = segmentRecording({ ...base, cues: [cue(0, 1, ''), cue(1, 2, '[music]'), cue(2, 3, '…')] });
    expect(segments).toHaveLength(3);
    for (const segment of segments) expect('text' in segment).toBe(false);
  });

  it('cuts cues at the end of the recording and tells of those wholly outside', () => {
    const { segments, problems } = segmentRecording({
      ...base,
      cues: [cue(58, 62, 'cut'), cue(61, 63, 'gone'), cue(1, 2, 'kept')],
    });
    expect(segments.map((segment) => segment.range)).toEqual([range(1, 2), range(58, 60)]);
    expect(problems.map((problem) => problem.code)).toEqual(['segments.cue_clamped', 'segments.cue_outside']);
    expect(problems[1]?.message).toContain('00:01:01.000 to 00:01:03.000');
  });

  it('a hole in the transcript does not hide speech: it becomes a segment without text, and is told', () => {
    const { segments, problems } = segmentRecording({
      ...base,
      cues: [cue(1, 4, 'before'), cue(10, 12, 'after')],
      speech: [range(0.8, 4.3), range(6, 9), range(9.9, 12.1)],
    });
    expect(segments).toEqual([
      { id: 's0001', range: range(1, 4), origin: 'cue', text: 'before' },
      { id: 's0002', range: range(6, 9), origin: 'speech' },
      { id: 's0003', range: range(10, 12), origin: 'cue', text: 'after' },
    ]);
    expect(problems.map((problem) => problem.code)).toEqual(['segments.uncued_speech']);
  });

  it('follows the voice activity without a usable transcript and says so', () => {
    const { segments, problems } = segmentRecording({ ...base, cues: [cue(70, 71, 'x')], speech: [range(2, 5)] });
    expect(segments).toEqual([{ id: 's0001', range: range(2, 5), origin: 'speech' }]);
    expect(problems.map((problem) => problem.code)).toEqual(['segments.cue_outside', 'segments.from_speech']);
  });

  it('cuts long stretches evenly and joins short ones to a near neighbour only', () => {
    const { segments } = segmentRecording({
      ...base,
      speech: [range(0, 24), range(30, 30.2), range(30.6, 33), range(50, 50.3)],
    });
    expect(segments.map((segment) => segment.range)).toEqual([
      range(0, 8),
      range(8, 16),
      range(16, 24),
      range(30, 33),
      range(50, 50.3),
    ]);
  });

  it('uses 4 s windows without transcript and speech; a short rest joins the last one', () => {
    const { segments, problems } = segmentRecording({ ...base, duration: fromSeconds(8.3), hasAudio: false });
    expect(segments.map((segment) => segment.range)).toEqual([range(0, 4), range(4, 8.3)]);
    expect(problems.map((problem) => problem.code)).toEqual(['segments.from_windows']);
    expect(segmentRecording({ ...base, duration: fromSeconds(0.2) }).segments).toHaveLength(1);
  });

  it('gives nothing but a reason for a recording without duration', () => {
    const { segments, problems } = segmentRecording({ ...base, duration: microseconds(0) });
    expect(segments).toEqual([]);
    expect(problems).toMatchObject([{ code: 'segments.no_duration', severity: 'error' }]);
  });

  it('windows tile the recording, speech segments hold all speech, and all lie inside', () => {
    const stretch = fc.tuple(fc.nat(100_000_000), fc.integer({ min: 1, max: 40_000_000 }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120_000_000 }), fc.array(stretch, { maxLength: 6 }), (length, raw) => {
        const duration = microseconds(length);
        const speech = raw.map(([start, size]) => ({ start: microseconds(start), end: microseconds(start + size) }));
        const { segments } = segmentRecording({ ...base, duration, speech });
        const inside = speech.filter((part) => part.start < duration);
        const covered = unionRanges(segments.map((segment) => segment.range));
        if (inside.length === 0) expect(covered).toEqual([{ start: 0, end: length }]);
        for (const part of inside) {
          const end = Math.min(part.end, length);
          expect(covered.some((whole) => whole.start <= part.start && whole.end >= end)).toBe(true);
        }
        for (const segment of segments) {
          expect(segment.range.start).toBeGreaterThanOrEqual(0);
          expect(segment.range.end).toBeLessThanOrEqual(length);
          expect(segment.range.end - segment.range.start).toBeGreaterThan(0);
          expect(segment.range.end - segment.range.start).toBeLessThanOrEqual(15_000_000);
        }
      }),
    );
  });
});
