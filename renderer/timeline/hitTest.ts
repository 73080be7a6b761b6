import { MODALITIES, type Modality } from '../../core/recording/modality.js';
import type { CorruptionMark } from '../../core/marks/mark.js';
import type { Segment } from '../../core/segments/segment.js';
import type { TierAnnotation } from '../../core/tiers/tier.js';
import type { Trace } from '../../core/traces/trace.js';
import { traceRange } from '../../core/traces/trace.js';
import type { Microseconds } from '../../core/time/microseconds.js';
import { markBox } from './drawLanes.js';
import { HEADER_WIDTH, inRow, laneRow, tierLaneRow, type TimelineLayout } from './layout.js';
import type { TierRow } from './tierRows.js';
import type { TimelineModel } from './timelineModel.js';
import { visibleIndexes, xToTime, type Viewport } from './viewport.js';

export type Edge = 'start' | 'end';

/** What lies under a point of the timeline. `time` is inside the recording. */
export type Hit =
  | { readonly on: 'header'; readonly tierId?: string }
  | { readonly on: 'overview'; readonly time: Microseconds }
  | {
      readonly on: 'ruler' | 'waveform' | 'sentiment' | 'segments';
      readonly time: Microseconds;
      readonly segment?: Segment;
    }
  | { readonly on: 'segmentEdge'; readonly time: Microseconds; readonly segment: Segment; readonly edge: Edge }
  | { readonly on: 'lane'; readonly time: Microseconds; readonly modality: Modality; readonly segment?: Segment }
  | { readonly on: 'mark'; readonly time: Microseconds; readonly mark: CorruptionMark; readonly segment?: Segment }
  | { readonly on: 'tier'; readonly time: Microseconds; readonly tierId: string; readonly annotation?: TierAnnotation }
  | {
      readonly on: 'annotationEdge';
      readonly time: Microseconds;
      readonly annotation: TierAnnotation;
      readonly edge: Edge;
    }
  | { readonly on: 'trace'; readonly time: Microseconds; readonly trace?: Trace }
  | { readonly on: 'markEdge'; readonly time: Microseconds; readonly mark: CorruptionMark; readonly edge: Edge };

/** Half the width of the zone that grabs an edge, px. */
const GRAB = 5;

type View = { readonly viewport: Viewport; readonly layout: TimelineLayout; readonly model: TimelineModel };

/** Finds what lies at (x, y), px from the timeline's top left corner. */
export function hitTest(view: View, x: number, y: number): Hit {
  const { layout, viewport } = view;
  const tierIndex = layout.tiers.findIndex((row) => inRow(row, y));
  const tierRow = view.model.tiers[tierIndex];
  if (x < HEADER_WIDTH) return tierRow ? { on: 'header', tierId: tierRow.tier.id } : { on: 'header' };
  const offset = x - HEADER_WIDTH;
  if (inRow(layout.overview, y)) return { on: 'overview', time: overviewTime(viewport, offset) };
  const time = xToTime(viewport, offset);
  const segment = segmentAt(view.model, time);
  const at = segment ? { time, segment } : { time };
  for (const modality of MODALITIES) {
    if (inRow(layout.marks[modality], y)) return markAt(view, modality, x) ?? { on: 'lane', modality, ...at };
    if (inRow(layout.states[modality], y)) return { on: 'lane', modality, ...at };
  }
  if (tierRow) return annotationAt(view, tierRow, tierIndex, x, y);
  const traceIndex = layout.traces.findIndex((row) => inRow(row, y));
  if (traceIndex >= 0) return traceAt(view, traceIndex, time);
  if (inRow(layout.segments, y))
    return segmentEdgeAt(view, x, y) ?? { on: 'segments', ...segmentInLane(view, time, y) };
  if (layout.spectrogram && inRow(layout.spectrogram, y)) return { on: 'waveform', ...at };
  if (inRow(layout.ruler, y)) return { on: 'ruler', ...at };
  return { on: inRow(layout.waveform, y) ? 'waveform' : 'sentiment', ...at };
}

/** Time of a point of the overview row, which always shows the whole recording. */
export function overviewTime(viewport: Viewport, offset: number): Microseconds {
  return xToTime({ ...viewport, start: 0, span: viewport.duration }, offset);
}

/** The last segment that contains `time`. */
export function segmentAt(model: Pick<TimelineModel, 'segments'>, time: number): Segment | undefined {
  const { items, starts, longest } = model.segments;
  const [from, to] = visibleIndexes(starts, longest, { start: time, span: 1, width: 1, duration: 1 });
  return items.slice(from, to).findLast((segment) => segment.range.start <= time && time < segment.range.end);
}

function markAt(view: View, modality: Modality, x: number): Hit | undefined {
  const lane = view.model.marks[modality];
  const [from, to] = visibleIndexes(lane.starts, lane.longest, view.viewport);
  const time = xToTime(view.viewport, x - HEADER_WIDTH);
  const candidates = lane.items.slice(from, to).reverse();
  // the selected mark is on top, so that its handles can be grabbed where marks overlap
  candidates.sort((a, b) => Number(b.id === view.model.selectedMarkId) - Number(a.id === view.model.selectedMarkId));
  for (const mark of candidates) {
    const box = markBox(view, mark);
    const grab = Math.min(GRAB, Math.max(2, box.width / 4));
    if (Math.abs(x - box.x) <= grab) return { on: 'markEdge', time, mark, edge: 'start' };
    if (Math.abs(x - box.x - box.width) <= grab) return { on: 'markEdge', time, mark, edge: 'end' };
    if (x > box.x && x < box.x + box.width) {
      const segment = segmentAt(view.model, time);
      return segment ? { on: 'mark', time, mark, segment } : { on: 'mark', time, mark };
    }
  }
  return undefined;
}

/** The segment at a time in the lane under `y`; where segments overlap another one may be there too. */
function segmentInLane({ layout, model }: View, time: Microseconds, y: number) {
  const { items, starts, longest } = model.segments;
  const [from, to] = visibleIndexes(starts, longest, { start: time, span: 1, width: 1, duration: 1 });
  const segment = items
    .slice(from, to)
    .findLast(
      ({ id, range }) =>
        range.start <= time && time < range.end && inRow(laneRow(layout, model.stack.laneOf.get(id) ?? 0), y),
    );
  return segment ? { time, segment } : { time };
}

function segmentEdgeAt(view: View, x: number, y: number): Hit | undefined {
  const segment = view.model.segments.items.find((item) => item.id === view.model.selectedSegmentId);
  if (!segment || !inRow(laneRow(view.layout, view.model.stack.laneOf.get(segment.id) ?? 0), y)) return undefined;
  const time = xToTime(view.viewport, x - HEADER_WIDTH);
  const toX = (at: number) => HEADER_WIDTH + ((at - view.viewport.start) / view.viewport.span) * view.viewport.width;
  if (Math.abs(x - toX(segment.range.start)) <= GRAB) return { on: 'segmentEdge', time, segment, edge: 'start' };
  if (Math.abs(x - toX(segment.range.end)) <= GRAB) return { on: 'segmentEdge', time, segment, edge: 'end' };
  return undefined;
}

/** The annotation or its edge under a point of a tier; only the selected one shows edges to grab. */
function annotationAt(view: View, { tier, items, stack }: TierRow, index: number, x: number, y: number): Hit {
  const time = xToTime(view.viewport, x - HEADER_WIDTH);
  const toX = (at: number) => HEADER_WIDTH + ((at - view.viewport.start) / view.viewport.span) * view.viewport.width;
  const inLane = ({ id }: TierAnnotation) => inRow(tierLaneRow(view.layout, index, stack.laneOf.get(id) ?? 0), y);
  const chosen = items.items.find(({ id }) => id === view.model.selectedAnnotationId);
  if (chosen && inLane(chosen)) {
    const [start, end] = [toX(chosen.range.start), toX(chosen.range.end)];
    const grab = Math.min(GRAB, Math.max(2, (end - start) / 4));
    if (Math.abs(x - start) <= grab) return { on: 'annotationEdge', time, annotation: chosen, edge: 'start' };
    if (Math.abs(x - end) <= grab) return { on: 'annotationEdge', time, annotation: chosen, edge: 'end' };
  }
  const [from, to] = visibleIndexes(items.starts, items.longest, { start: time, span: 1, width: 1, duration: 1 });
  const annotation = items.items
    .slice(from, to)
    .findLast((item) => item.range.start <= time && time < item.range.end && inLane(item));
  return annotation ? { on: 'tier', time, tierId: tier.id, annotation } : { on: 'tier', time, tierId: tier.id };
}

/** The latest trace at a time; the selected one where there are several. */
function traceAt({ model }: View, index: number, time: Microseconds): Hit {
  const here = (model.traces[index]?.traces ?? []).filter((trace) => {
    const { start, end } = traceRange(trace);
    const shift = model.tracesShifted ? trace.reactionLag : 0;
    return start - shift <= time && time < end - shift;
  });
  const trace = here.find(({ id }) => id === model.selectedTraceId) ?? here.at(-1);
  return trace ? { on: 'trace', time, trace } : { on: 'trace', time };
}
