import { describe, expect, it } from 'vitest';
import type { MarkKind } from '../../../core/marks/mark.js';
import type { Perception } from '../../../core/perception/perception.js';
import { proposeMarks } from '../../../core/quality/proposeMarks.js';
import { DEFAULT_THRESHOLDS, THRESHOLD_DESCRIPTIONS } from '../../../core/quality/thresholds.js';
import { fromSeconds, toSeconds } from '../../../core/time/microseconds.js';
import { audioTrack, loseFace, perception, segment, visualTrack, withoutStreams } from '../fixtures.js';

const SEGMENTS = [segment('s0001', 0, 4, 'one two'), segment('s0002', 5, 9, 'three')];
const propose = (input: Perception, segments = SEGMENTS) => proposeMarks(input, segments, DEFAULT_THRESHOLDS, true);

function found(input: Perception, kind: MarkKind, segments = SEGMENTS): [number, number, number][] {
  return propose(input, segments)
    .filter((mark) => mark.kind === kind)
    .map((mark) => [toSeconds(mark.range.start), toSeconds(mark.range.end), mark.severity]);
}

const between = (start: number, end: number) => (time: number) => time >= start && time < end;
const withAudio = (when: (time: number) => boolean, level: number): Perception =>
  perception(10, {
    audio: audioTrack(10, (time, row, track) => {
      if (when(time)) track.levelDbfs[row] = level;
    }),
  });

describe('a clean recording', () => {
  it('gets no proposal at all', () => {
    expect(propose(perception(10))).toEqual([]);
  });
});

describe('proposals for the sound', () => {
  it('digital zero is a dropout, also as the residue of a lossy codec', () => {
    for (const level of [-Infinity, -103]) {
      expect(found(withAudio(between(1, 3.5), level), 'dropout')).toEqual([[1, 3.5, 3]]);
    }
    expect(found(withAudio(between(1, 1.05), -Infinity), 'dropout')).toEqual([]);
  });

  it('a noise gate, and the empty lead-in of a file, are no dropouts; sound cut off between segments is one', () => {
    const gap = (soft: boolean) =>
      perception(10, {
        audio: audioTrack(10, (time, row, track) => {
          if (time >= 4.1 && time < 4.7) track.levelDbfs[row] = -Infinity;
          if (soft && ((time >= 3.9 && time < 4.1) || (time >= 4.7 && time < 5))) track.levelDbfs[row] = -65;
        }),
      });
    expect(found(gap(false), 'dropout')).toEqual([[4.1, 4.7, 1]]);
    expect(found(gap(true), 'dropout')).toEqual([]);
    const late = [segment('s0001', 5, 9, 'words')];
    expect(found(withAudio(between(0, 5), -Infinity), 'dropout', late)).toEqual([]);
  });

  it('silence counts only where a segment expects speech and loses a good part to it', () => {
    expect(found(withAudio(between(4, 5), -75), 'silence')).toEqual([]);
    expect(found(withAudio(between(2, 2.6), -75), 'silence')).toEqual([]);
    expect(found(withAudio(between(4, 8), -75), 'silence')).toEqual([[5, 8, 3]]);
  });

  it('a pause between words is no silence', () => {
    expect(
      found(
        withAudio((time) => time % 1 >= 0.7, -65),
        'silence',
      ),
    ).toEqual([]);
  });

  it('bursts of clipping make one stretch, with the share of full-scale samples', () => {
    const audio = audioTrack(10, (time, row, track) => {
      if (time >= 2 && time < 3 && row % 10 < 3) track.clippedShare[row] = 0.5;
    });
    const marks = propose(perception(10, { audio })).filter((mark) => mark.kind === 'clipped');
    expect(marks).toHaveLength(1);
    expect(toSeconds(marks[0]!.range.start)).toBe(2);
    expect(marks[0]!.note).toMatch(/1\d\.\d % of the samples/);
  });

  it('speech close to the background is noisy, and says the ratio and the limit', () => {
    const audio = audioTrack(10, (_, row, track) => {
      if (track.speechProbability[row]! < 0.5) track.levelDbfs[row] = -26;
    });
    const marks = propose(perception(10, { audio })).filter((mark) => mark.kind === 'noisy');
    expect(marks.map((mark) => mark.severity)).toEqual([2, 2]);
    // 10 log10((10^-2 - 10^-2.6) / 10^-2.6) = 4.74 dB
    expect(marks[0]!.note).toContain('SNR 4.7 dB');
    expect(marks[0]!.note).toContain('min 12.0 dB');
    expect(marks[0]).toMatchObject({ detector: 'snr/1', source: 'auto', review: 'proposed' });
  });

  it('a stretch that is mostly digital silence has no signal-to-noise ratio to be noisy by', () => {
    const audio = audioTrack(10, (time, row, track) => {
      if (track.speechProbability[row]! < 0.5) track.levelDbfs[row] = -26;
      if (time < 8) track.levelDbfs[row] = -Infinity;
    });
    const kinds = propose(perception(10, { audio })).map((mark) => mark.kind);
    expect(kinds).toContain('dropout');
    expect(kinds).not.toContain('noisy');
  });

  it('a file without a sound track or with a lost end is told as missing track', () => {
    expect(found(withoutStreams(10, ['audio']), 'missing_track')).toEqual([[0, 10, 3]]);
    expect(found(perception(10, { decodedAudioEnd: fromSeconds(6) }), 'missing_track')).toEqual([[6, 10, 3]]);
    expect(found(perception(10, { decodedAudioEnd: fromSeconds(9.9) }), 'missing_track')).toEqual([]);
  });
});

describe('proposals for the picture', () => {
  const withFrames = (when: (time: number) => boolean, change: Parameters<typeof visualTrack>[1]): Perception =>
    perception(10, {
      visual: visualTrack(10, (time, frame, track) => {
        if (when(time)) change!(time, frame, track);
      }),
    });

  it('frames without a face are one stretch, bridging a single false detection', () => {
    const input = withFrames(
      (time) => time >= 1 && time < 3.95 && Math.abs(time - 2) > 0.05,
      (_, frame, track) => loseFace(track, frame),
    );
    expect(found(input, 'no_face')).toEqual([[1, 4, 3]]);
  });

  it('a single frame without a face is a slip, not a stretch', () => {
    const input = withFrames(between(2, 2.15), (_, frame, track) => loseFace(track, frame));
    expect(propose(input)).toEqual([]);
  });

  it('a covered face is occluded, not gone', () => {
    const input = withFrames(between(2, 3), (_, frame, track) => (track.landmarkScore[frame] = 0.1));
    expect(propose(input).map((mark) => mark.kind)).toEqual(['occluded']);
    expect(found(input, 'occluded')).toEqual([[2, 3, 2]]);
  });

  it('values around the threshold make one stretch, not many', () => {
    const input = withFrames(between(1, 4), (_, frame, track) => {
      track.landmarkScore[frame] = frame % 2 === 0 ? 0.45 : 0.55;
    });
    expect(found(input, 'occluded')).toHaveLength(1);
  });

  it('several faces, blur, darkness and standstill each have their own kind', () => {
    const cases: [MarkKind, Parameters<typeof visualTrack>[1]][] = [
      ['multiple_faces', (_, frame, track) => (track.faceCount[frame] = 2)],
      ['blurred', (_, frame, track) => (track.sharpness[frame] = 1)],
      ['dark', (_, frame, track) => (track.luminance[frame] = 5)],
      ['frozen', (_, frame, track) => (track.change[frame] = 0)],
    ];
    for (const [kind, change] of cases) {
      const marks = propose(withFrames(between(5, 7), change));
      expect(marks.map((mark) => [mark.kind, toSeconds(mark.range.start), toSeconds(mark.range.end)])).toEqual([
        [kind, 5, 7],
      ]);
    }
  });

  it('a still moment is not frozen', () => {
    expect(propose(withFrames(between(5, 5.7), (_, frame, track) => (track.change[frame] = 0)))).toEqual([]);
  });

  it('a lost end of the picture is a missing track', () => {
    const visual = visualTrack(6);
    expect(found(perception(10, { visual, decodedVideoEnd: fromSeconds(6) }), 'missing_track')).toEqual([[6, 10, 3]]);
  });
});

describe('proposals for the text', () => {
  it('segments without words lack a transcript; without any transcript the whole recording does', () => {
    const segments = [segment('s0001', 0, 4, 'words'), segment('s0002', 5, 9)];
    expect(found(perception(10), 'missing_transcript', segments)).toEqual([[5, 9, 3]]);
    const marks = proposeMarks(perception(10), segments, DEFAULT_THRESHOLDS, false);
    expect(marks.map((mark) => [mark.kind, toSeconds(mark.range.end)])).toEqual([['missing_transcript', 10]]);
  });
});

describe('every proposal', () => {
  it('waits for a person, names its detector and version, and has the same id every time', () => {
    const input = perception(10, {
      audio: audioTrack(10, (time, row, track) => {
        if (time % 4 > 3) track.levelDbfs[row] = -Infinity;
      }),
      visual: visualTrack(10, (time, frame, track) => {
        if (time % 3 > 2) loseFace(track, frame);
      }),
    });
    const marks = propose(input);
    expect(marks.length).toBeGreaterThan(3);
    expect(propose(input)).toEqual(marks);
    expect(new Set(marks.map((mark) => mark.id)).size).toBe(marks.length);
    expect(marks.map((mark) => mark.id)).toContain('auto-visual-no_face-0001');
    for (const mark of marks) {
      expect(mark).toMatchObject({ source: 'auto', review: 'proposed' });
      expect(mark.detector).toMatch(/^[a-z-]+\/\d+$/);
      expect(mark.confidence).toBeGreaterThan(0);
      expect(mark.confidence).toBeLessThanOrEqual(1);
      expect(mark.range.end).toBeGreaterThan(mark.range.start);
      expect(mark.range.end).toBeLessThanOrEqual(fromSeconds(10));
    }
  });

  it('lies inside the recording, also where its last row reaches beyond the end', () => {
    const input = perception(10, { audio: audioTrack(10.004, (_, row, track) => (track.levelDbfs[row] = -Infinity)) });
    const short = { ...input, info: { ...input.info, duration: fromSeconds(9.995) } };
    expect(found(short, 'dropout')).toEqual([[0, 9.995, 3]]);
  });

  it('every threshold has a default within its limits, a unit and a reason', () => {
    expect(Object.keys(DEFAULT_THRESHOLDS)).toHaveLength(12);
    for (const { defaultValue, min, max, unit, reason } of THRESHOLD_DESCRIPTIONS) {
      expect(defaultValue).toBeGreaterThanOrEqual(min);
      expect(defaultValue).toBeLessThanOrEqual(max);
      expect(unit && reason).not.toBe('');
    }
  });
});
