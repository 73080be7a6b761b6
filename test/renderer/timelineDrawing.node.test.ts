import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../core/analysis/defaultParameters.js';
import { emptyDocument } from '../../core/document/annotationDocument.js';
import type { TierAnnotation } from '../../core/tiers/tier.js';
import type { Trace } from '../../core/traces/trace.js';
import type { CorruptionMark } from '../../core/marks/mark.js';
import type { SegmentResult } from '../../core/recovery/estimate.js';
import type { ModalityState } from '../../core/recording/modality.js';
import type { Segment } from '../../core/segments/segment.js';
import { fromSeconds, microseconds } from '../../core/time/microseconds.js';
import { curveRuns, stateRuns } from '../../core/timeline/runs.js';
import { rulerStep } from '../../renderer/timeline/drawRuler.js';
import { segmentWords } from '../../renderer/timeline/drawSegments.js';
import { peakColumn } from '../../renderer/timeline/drawWaveform.js';
import { hitTest } from '../../renderer/timeline/hitTest.js';
import { HEADER_WIDTH, layoutRows } from '../../renderer/timeline/layout.js';
import { levelFor, peakPyramid } from '../../renderer/timeline/peakPyramid.js';
import { snapTime } from '../../renderer/timeline/snapTime.js';
import { stackLanes } from '../../renderer/timeline/stackLanes.js';
import { steadyFrames } from '../../renderer/document/frames.js';
import { stateWord } from '../../renderer/timeline/patterns.js';
import { tierRows, traceRows } from '../../renderer/timeline/tierRows.js';
import { marksByModality, sortByStart, type TimelineModel } from '../../renderer/timeline/timelineModel.js';
import { fitViewport } from '../../renderer/timeline/viewport.js';

const range = (start: number, end: number) => ({ start: fromSeconds(start), end: fromSeconds(end) });
const segment = (id: string, start: number, end: number): Segment => ({ id, range: range(start, end), origin: 'cue' });

function result(segmentId: string, visual: ModalityState, score?: number): SegmentResult {
  const use = (state: ModalityState) => ({ state, reason: '', usableFraction: 1 });
  const even = new Array<number>(7).fill(1 / 7);
  return {
    segmentId,
    use: { text: use('observed'), audio: use('observed'), visual: use(visual) },
    ...(score === undefined
      ? {}
      : {
          estimate: {
            score: { value: score, low: score - 1, high: score + 1 },
            probabilities: even,
            probabilityLow: even,
            probabilityHigh: even,
            label: 'neutral' as const,
            confidence: 0.5,
          },
        }),
  };
}

const segments = [segment('a', 0, 2), segment('b', 2, 4), segment('c', 4, 6), segment('d', 6, 8), segment('e', 20, 22)];
const results = new Map(
  [
    result('a', 'observed', 1),
    result('b', 'observed', 2),
    result('c', 'recovered', -1),
    result('d', 'missing'),
    result('e', 'observed', 0),
  ].map((r) => [r.segmentId, r]),
);

describe('the sentiment curve', () => {
  const runs = curveRuns(segments, results);

  it('never joins recovered to measured by one line', () => {
    expect(runs.map((run) => [run.recovered, run.points.length])).toEqual([
      [false, 2],
      [true, 1],
      [false, 1],
    ]);
  });

  it('has no point where there is no estimate, not a point at 0', () => {
    expect(runs.flatMap((run) => run.points).map((point) => point.score.value)).toEqual([1, 2, -1, 0]);
    const starts = runs.flatMap((run) => run.points).map((point) => point.start);
    expect(starts).not.toContain(fromSeconds(6));
  });

  it('says which modality was recovered', () => {
    expect(runs[1]?.points[0]?.note).toBe('rec. V');
    expect(runs[0]?.points[0]?.note).toBe('');
  });

  it('is not drawn across a pause, however short', () => {
    const all = new Map(['a', 'f'].map((id) => [id, result(id, 'observed', 1)]));
    expect(curveRuns([segments[0]!, segment('f', 2.3, 4)], all)).toHaveLength(2);
  });
});

describe('the lanes', () => {
  it('join neighbours of equal state and nothing else', () => {
    expect(stateRuns(segments, results, 'visual').map((run) => run.state)).toEqual([
      'observed',
      'recovered',
      'missing',
      'observed',
    ]);
  });

  it('write the state in words while there is room, and short words before none', () => {
    expect([80, 40, 20].map((width) => stateWord('recovered', width))).toEqual(['recovered', 'rec.', '']);
  });
});

describe('the segment row', () => {
  it('marks a model label with a question mark and says none where there is no estimate', () => {
    const model = { labels: new Map(), results } satisfies Pick<TimelineModel, 'labels' | 'results'>;
    expect(segmentWords(model, 'a')).toBe('neutral?');
    expect(segmentWords(model, 'd')).toBe('none');
    expect(segmentWords(model, 'unknown')).toBe('');
  });
});

describe('the waveform', () => {
  const peaks = { hop: microseconds(10_000), minMax: Int16Array.from([-100, 100, -32768, 32767]) };
  const view = { start: 0, span: 40_000, width: 4, duration: 40_000 };

  it('gives the extremes of the bins under a pixel', () => {
    expect(peakColumn(peaks, view, 1)).toEqual({ low: -1, high: 32767 / 32768 });
    expect(peakColumn(peaks, { ...view, span: 80_000 }, 0)?.low).toBe(-1);
  });

  it('has a gap, not silence, where nothing was decoded', () => {
    expect(peakColumn(peaks, view, 3)).toBeUndefined();
  });
});

describe('the ruler', () => {
  it('takes the finest round step whose labels fit', () => {
    expect(rulerStep(60_000_000, 930)).toBe(10_000_000);
    expect(rulerStep(7_200_000_000, 930)).toBe(900_000_000);
    expect(rulerStep(400_000, 930)).toBe(100_000);
  });
});

describe('hit testing', () => {
  const mark: CorruptionMark = {
    id: 'm1',
    modality: 'audio',
    range: range(10, 20),
    kind: 'noisy',
    severity: 3,
    source: 'auto',
    review: 'proposed',
    note: '',
  };
  const layout = layoutRows(380, { tierLanes: [1, 2], traceRows: 1 });
  const viewport = fitViewport(fromSeconds(100), 1000);
  const annotation = (id: string, tierId: string, start: number, end: number): TierAnnotation => ({
    ...{ id, tierId, range: { start: fromSeconds(start), end: fromSeconds(end) }, raterId: 'R1' },
    modifiedUtc: '2026-11-23T12:00:00Z',
  });
  const trace: Trace = {
    ...{ id: 'v0001', dimension: 'valence', raterId: 'R1', start: fromSeconds(20), step: microseconds(100_000) },
    ...{ values: Array.from({ length: 100 }, () => 0), reactionLag: fromSeconds(2), input: 'keys', speeds: [1] },
    recordedUtc: '2026-11-23T12:00:00Z',
  };
  const document = {
    ...emptyDocument('rec-1', fromSeconds(100), defaultParameters()),
    tiers: [
      { id: 't0001', name: 'Gaze', schemeId: 'emotion' },
      { id: 't0002', name: 'Remarks' },
    ],
    annotations: [
      annotation('a1', 't0001', 10, 20),
      annotation('a2', 't0002', 10, 20),
      annotation('a3', 't0002', 15, 30),
    ],
    traces: [trace],
  };
  const coded = {
    tiers: tierRows(document, undefined),
    traces: traceRows(document, undefined),
    selectedAnnotationId: 'a1',
    tracesShifted: false,
  };
  const model = {
    segments: sortByStart(segments),
    marks: marksByModality([mark, { ...mark, id: 'm2', modality: 'visual', review: 'rejected' }]),
    stack: stackLanes(segments),
    selectedSegmentId: 'a',
    selectedMarkId: undefined,
    ...coded,
  } as unknown as TimelineModel;
  const at = (seconds: number, y: number) => hitTest({ layout, viewport, model }, HEADER_WIDTH + seconds * 10, y);

  it('finds a mark, its edges, and the lane beside it', () => {
    const y = layout.marks.audio.y + 10;
    expect(at(15, y)).toMatchObject({ on: 'mark', mark: { id: 'm1' } });
    expect(at(10.1, y)).toMatchObject({ on: 'markEdge', edge: 'start' });
    expect(at(19.9, y)).toMatchObject({ on: 'markEdge', edge: 'end' });
    expect(at(50, y)).toMatchObject({ on: 'lane', modality: 'audio' });
  });

  it('does not find what a person rejected', () => {
    expect(at(15, layout.marks.visual.y + 10)).toMatchObject({ on: 'lane', modality: 'visual' });
  });

  it('finds the segment at a time in every row, and none in a pause', () => {
    expect(at(5, layout.sentiment.y + 5)).toMatchObject({ on: 'sentiment', segment: { id: 'c' } });
    expect(at(15, layout.segments.y + 5)).toEqual({ on: 'segments', time: fromSeconds(15) });
  });

  it('finds the handles of the selected segment only', () => {
    expect(at(2.2, layout.segments.y + 10)).toMatchObject({ on: 'segmentEdge', edge: 'end', segment: { id: 'a' } });
    expect(at(4.1, layout.segments.y + 10)).toMatchObject({ on: 'segments', segment: { id: 'c' } });
  });

  it('finds annotations in their tier and lane, edges of the chosen one only, and the tier of a header', () => {
    const [gaze, remarks] = layout.tiers;
    expect(at(15, gaze!.y + 10)).toMatchObject({ on: 'tier', tierId: 't0001', annotation: { id: 'a1' } });
    expect(at(19.9, gaze!.y + 10)).toMatchObject({ on: 'annotationEdge', edge: 'end', annotation: { id: 'a1' } });
    expect(at(16, remarks!.y + 5)).toMatchObject({ annotation: { id: 'a2' } });
    expect(at(16, remarks!.y + remarks!.height - 5)).toMatchObject({ annotation: { id: 'a3' } });
    expect(at(19.9, remarks!.y + 5)).toMatchObject({ on: 'tier', annotation: { id: 'a2' } });
    expect(at(50, gaze!.y + 10)).toEqual({ on: 'tier', tierId: 't0001', time: fromSeconds(50) });
    const header = { on: 'header', tierId: 't0002' };
    expect(hitTest({ layout, viewport, model }, 20, remarks!.y + 5)).toEqual(header);
  });

  it('finds a trace where it is drawn: as recorded, or earlier by its stated lag', () => {
    const y = layout.traces[0]!.y + 20;
    expect(at(29, y)).toMatchObject({ on: 'trace', trace: { id: 'v0001' } });
    expect(at(19, y)).toEqual({ on: 'trace', time: fromSeconds(19) });
    const shifted = { ...model, tracesShifted: true };
    expect(hitTest({ layout, viewport, model: shifted }, HEADER_WIDTH + 190, y)).toMatchObject({
      trace: { id: 'v0001' },
    });
  });

  it('blind mode shows no tier annotation and no trace of others', () => {
    expect(tierRows(document, 'R2').map(({ items }) => items.items)).toEqual([[], []]);
    expect(traceRows(document, 'R2')).toEqual([]);
  });

  it('tells header, overview and ruler apart; the overview always shows the whole recording', () => {
    expect(hitTest({ layout, viewport, model }, 20, 60)).toEqual({ on: 'header' });
    const zoomed = { ...viewport, start: 50_000_000, span: 1_000_000 };
    expect(hitTest({ layout, viewport: zoomed, model }, HEADER_WIDTH + 500, 10)).toEqual({
      on: 'overview',
      time: fromSeconds(50),
    });
    expect(at(15, layout.ruler.y + 5)).toMatchObject({ on: 'ruler' });
  });
});

describe('the rows', () => {
  it('fill the height without overlap, compact where there is little', () => {
    for (const height of [250, 296, 339, 340, 378, 600]) {
      const layout = layoutRows(height);
      expect(layout.sentiment.height).toBeGreaterThanOrEqual(56);
      expect(layout.height).toBe(Math.max(height, layout.sentiment.y + 56));
      expect(layout.marks.audio.y).toBe(layout.states.text.y + layout.states.text.height);
    }
  });
});

describe('overlapping segments', () => {
  const stack = stackLanes([
    segment('a', 0, 5),
    segment('b', 2, 4),
    segment('c', 3, 6),
    segment('d', 5, 8),
    segment('e', 4, 5),
  ]);

  it('stand in lanes under each other, each in the first that is free', () => {
    expect(stack.laneCount).toBe(3);
    expect(['a', 'b', 'c', 'd', 'e'].map((id) => stack.laneOf.get(id) ?? 0)).toEqual([0, 1, 2, 0, 1]);
  });

  it('never share a lane with one they overlap, up to four at once', () => {
    const many = Array.from({ length: 40 }, (_, index) => segment(`s${index}`, index * 0.5, index * 0.5 + 1.6));
    const { laneOf, laneCount } = stackLanes(many);
    expect(laneCount).toBe(4);
    for (const a of many) {
      for (const b of many) {
        const overlaps = a !== b && a.range.start < b.range.end && b.range.start < a.range.end;
        if (overlaps) expect(laneOf.get(a.id) ?? 0).not.toBe(laneOf.get(b.id) ?? 0);
      }
    }
  });
});

describe('snapping', () => {
  const clock = steadyFrames(25);
  const viewport = { start: 0, span: 10_000_000, width: 1000, duration: 100_000_000 };
  const targets = { lists: [sortByStart([{ id: 'x', range: range(1.013, 3.5) }])], times: [2_007_000] };

  it('prefers an edge or the playhead within seven px, else takes the nearest frame', () => {
    expect(snapTime(1_070_000, viewport, targets, clock)).toBe(1_013_000);
    expect(snapTime(3_440_000, viewport, targets, clock)).toBe(3_500_000);
    expect(snapTime(2_060_000, viewport, targets, clock)).toBe(2_007_000);
    expect(snapTime(5_013_000, viewport, targets, clock)).toBe(5_000_000);
  });

  it('catches only what is that near on screen: zoomed in, frames count again', () => {
    expect(snapTime(1_070_000, { ...viewport, span: 1_000_000 }, targets, clock)).toBe(1_080_000);
  });

  it('does not hold a dragged edge where it was', () => {
    const own = targets.lists[0]!.items[0]!.range;
    expect(snapTime(1_030_000, viewport, { ...targets, except: own }, clock)).toBe(1_040_000);
  });
});

describe('the peaks of a long recording', () => {
  const minMax = Int16Array.from({ length: 200_000 }, (_, i) => (i % 2 === 0 ? -1 : 1) * ((i * 7919) % 900));
  const pyramid = peakPyramid({ hop: microseconds(10_000), minMax });

  it('show the same extremes in every resolution', () => {
    const view = { start: 0, span: 1_000_000_000, width: 100, duration: 1_000_000_000 };
    const fine = peakColumn(pyramid.levels[0]!, view, 42)!;
    const drawn = levelFor(pyramid, view.span / view.width);
    expect(drawn.hop).toBeGreaterThan(10_000);
    const coarse = peakColumn(drawn, view, 42)!;
    expect(coarse.high).toBeGreaterThanOrEqual(fine.high);
    expect(coarse.low).toBeLessThanOrEqual(fine.low);
    expect(levelFor(pyramid, 10_000).hop).toBe(10_000);
  });

  it('of a quiet recording get a gain that is a power of two, of a loud one none', () => {
    expect(pyramid.gain).toBe(32);
    const loud = minMax.map((value) => value * 36);
    expect(peakPyramid({ hop: microseconds(10_000), minMax: loud }).gain).toBe(1);
    const click = minMax.map((value, index) => (index === 7 ? 32_767 : value));
    expect(peakPyramid({ hop: microseconds(10_000), minMax: click }).gain).toBe(32);
    expect(peakPyramid({ hop: microseconds(10_000), minMax: new Int16Array(0) }).gain).toBeGreaterThanOrEqual(1);
  });
});
