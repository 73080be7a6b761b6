import { MODALITIES, type Modality } from '../../core/recording/modality.js';
import type { CorruptionMark } from '../../core/marks/mark.js';
import type { Segment } from '../../core/segments/segment.js';
import type { Microseconds } from '../../core/time/microseconds.js';
import { markBox } from './drawLanes.js';
import { HEADER_WIDTH, inRow, laneRow, type TimelineLayout } from './layout.js';
import type { TimelineModel } from './timelineModel.js';
import { visibleIndexes, xToTime, type Viewport } from './viewport.js';

export type Edge = 'start' | 'end';

/** What lies under a point of the timeline. `time` is inside the recording. */
export type Hit =
  | { readonly on: 'header' }
  | { readonly on: 'overview'; readonly time: Microseconds }
  | {
      readonly on: 'ruler' | 'waveform' | 'sentiment' | 'segments';
      readonly time: Microseconds;
      readonly segment?: Segment;
    }
  | { readonly on: 'segmentEdge'; readonly time: Microseconds; readonly segment: Segment; readonly edge: Edge }
  | { readonly on: 'lane'; readonly time: Microseconds; readonly modality: Modality; readonly segment?: Segment }
  | { readonly on: 'mark'; readonly time: Microseconds; readonly mark: CorruptionMark; readonly segment?: Segment }
  | { readonly on: 'markEdge'; readonly time: Microseconds; readonly mark: CorruptionMark; readonly edge: Edge };

/** Half the width of the zone that grabs an edge, px. */
const GRAB = 5;

type View = { readonly viewport: Viewport; readonly layout: TimelineLayout; readonly model: TimelineModel };

/** Finds what lies at (x, y), px from the timeline's top left corner. */
export function hitTest(view: View, x: number, y: number): Hit {
  const { layout, viewport } = view;
  if (x < HEADER_WIDTH) return { on: 'header' };
  const offset = x - HEADER_WIDTH;
  if (inRow(layout.overview, y)) return { on: 'overview', time: overviewTime(viewport, offset) };
  const time = xToTime(viewport, offset);
  const segment = segmentAt(view.model, time);
  const at = segment ? { time, segment } : { time };
  for (const modality of MODALITIES) {
    if (inRow(layout.marks[modality], y)) return markAt(view, modality, x) ?? { on: 'lane', modality, ...at };
    if (inRow(layout.states[modality], y)) return { on: 'lane', modality, ...at };
  }
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
