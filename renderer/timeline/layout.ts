import { MODALITIES, type Modality } from '../../core/recording/modality.js';

/** A horizontal band of the timeline, CSS px from its top. */
export interface Row {
  readonly y: number;
  readonly height: number;
}

/** Which rows there are besides those that every timeline has. */
export interface LayoutOptions {
  readonly spectrogram?: boolean;
  /** Lanes of segments, more than one where they overlap. */
  readonly segmentLanes?: number;
  /** Rows of the model and of raters, side by side. */
  readonly raterRows?: number;
  /** Lanes of every tier, more than one where its annotations overlap. */
  readonly tierLanes?: readonly number[];
  /** Rows of continuous traces. */
  readonly traceRows?: number;
}

export interface TimelineLayout {
  readonly height: number;
  readonly overview: Row;
  readonly ruler: Row;
  readonly waveform: Row;
  /** Undefined while it is switched off. */
  readonly spectrogram: Row | undefined;
  readonly marks: Readonly<Record<Modality, Row>>;
  readonly states: Readonly<Record<Modality, Row>>;
  readonly segments: Row;
  readonly segmentLanes: number;
  readonly raters: readonly Row[];
  readonly tiers: readonly Row[];
  readonly tierLanes: readonly number[];
  readonly traces: readonly Row[];
  readonly sentiment: Row;
}

/** Width of the header column, px. */
export const HEADER_WIDTH = 120;
/** Free space right of the plot, px. */
export const RIGHT_MARGIN = 8;
/** Most lanes of overlapping segments; more share the last one. */
export const MOST_LANES = 4;

const COMPACT_BELOW = 340;
const SMALL_ROW = 22;
const TRACE_ROW = 52;

/** Rows for a timeline of the given height: fixed rows first, spare height to waveform and sentiment. */
export function layoutRows(height: number, options: LayoutOptions = {}): TimelineLayout {
  const { spectrogram = false, segmentLanes = 1, raterRows = 0, tierLanes = [], traceRows = 0 } = options;
  const compact = height < COMPACT_BELOW;
  const small = segmentLanes - 1 + raterRows + tierLanes.reduce((sum, lanes) => sum + lanes, 0);
  const optional = (spectrogram ? 28 : 0) + small * SMALL_ROW + traceRows * TRACE_ROW;
  const spare = Math.max(0, height - 380 - optional);
  let y = 0;
  const row = (rowHeight: number): Row => {
    const made = { y, height: rowHeight };
    y += rowHeight;
    return made;
  };
  const rows = (count: number) => Array.from({ length: count }, () => row(SMALL_ROW));
  const overview = row(30);
  const ruler = row(22);
  const waveform = row((compact ? 34 : 40) + Math.floor(spare * 0.22));
  const spectrum = spectrogram ? row(28 + Math.floor(spare * 0.22)) : undefined;
  const lanes = MODALITIES.map((modality) => ({
    modality,
    marks: row(compact ? 20 : 22),
    states: row(compact ? 21 : 24),
  }));
  const segments = row((compact ? 26 : 30) + (segmentLanes - 1) * SMALL_ROW);
  const raters = rows(raterRows);
  const tiers = tierLanes.map((lanes) => row(SMALL_ROW * lanes));
  const traces = Array.from({ length: traceRows }, () => row(TRACE_ROW));
  const sentiment = row(Math.max(56, height - y));
  const pick = (key: 'marks' | 'states') =>
    Object.fromEntries(lanes.map((lane) => [lane.modality, lane[key]])) as Record<Modality, Row>;
  return {
    height: y,
    overview,
    ruler,
    waveform,
    spectrogram: spectrum,
    marks: pick('marks'),
    states: pick('states'),
    segments,
    segmentLanes,
    raters,
    tiers,
    tierLanes,
    traces,
    sentiment,
  };
}

/** Whether `y` lies in the row. */
export function inRow(row: Row, y: number): boolean {
  return y >= row.y && y < row.y + row.height;
}

/** The band of one lane of the segment row. */
export function laneRow(layout: TimelineLayout, lane: number): Row {
  return laneOf(layout.segments, layout.segmentLanes, lane);
}

/** The band of one lane of the tier at `index`. */
export function tierLaneRow(layout: TimelineLayout, index: number, lane: number): Row {
  return laneOf(layout.tiers[index] ?? { y: 0, height: 0 }, layout.tierLanes[index] ?? 1, lane);
}

function laneOf(row: Row, lanes: number, lane: number): Row {
  const height = row.height / lanes;
  return { y: row.y + Math.min(lane, lanes - 1) * height, height };
}
