import { MODALITIES, type Modality } from '../../core/recording/modality.js';

/** A horizontal band of the timeline, CSS px from its top. */
export interface Row {
  readonly y: number;
  readonly height: number;
}

export interface TimelineLayout {
  readonly height: number;
  readonly overview: Row;
  readonly ruler: Row;
  readonly waveform: Row;
  readonly marks: Readonly<Record<Modality, Row>>;
  readonly states: Readonly<Record<Modality, Row>>;
  readonly segments: Row;
  readonly sentiment: Row;
}

/** Width of the header column, px. */
export const HEADER_WIDTH = 120;
/** Free space right of the plot, px. */
export const RIGHT_MARGIN = 8;

const COMPACT_BELOW = 340;

/** Rows for a timeline of the given height: fixed rows first, spare height to waveform and sentiment. */
export function layoutRows(height: number): TimelineLayout {
  const compact = height < COMPACT_BELOW;
  const spare = Math.max(0, height - 380);
  let y = 0;
  const row = (rowHeight: number): Row => {
    const made = { y, height: rowHeight };
    y += rowHeight;
    return made;
  };
  const overview = row(30);
  const ruler = row(22);
  const waveform = row((compact ? 34 : 40) + Math.floor(spare * 0.22));
  const lanes = MODALITIES.map((modality) => ({
    modality,
    marks: row(compact ? 20 : 22),
    states: row(compact ? 21 : 24),
  }));
  const segments = row(compact ? 26 : 30);
  const sentiment = row(Math.max(56, height - y));
  const pick = (key: 'marks' | 'states') =>
    Object.fromEntries(lanes.map((lane) => [lane.modality, lane[key]])) as Record<Modality, Row>;
  return {
    height: y,
    overview,
    ruler,
    waveform,
    marks: pick('marks'),
    states: pick('states'),
    segments,
    sentiment,
  };
}

/** Whether `y` lies in the row. */
export function inRow(row: Row, y: number): boolean {
  return y >= row.y && y < row.y + row.height;
}
