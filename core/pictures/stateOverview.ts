/** How much of the analysed time each modality was observed, degraded, recovered and missing, as a picture. */
import { MODALITIES, MODALITY_KEY, MODALITY_STATES, type Modality, type ModalityState } from '../recording/modality.js';
import type { SegmentResult } from '../recovery/estimate.js';
import type { Segment } from '../segments/segment.js';
import { MICROSECONDS_PER_SECOND } from '../time/microseconds.js';
import { durationOf } from '../time/ranges.js';
import { type Picture, stateLegend } from './pictureFrame.js';
import { type Pen, stateCell } from './statePatterns.js';
import { textLine, wrapWords } from './svg.js';

/** Seconds of each state of each modality over all analysed segments. */
export type StateSeconds = Readonly<Record<Modality, Readonly<Record<ModalityState, number>>>>;

export function stateSeconds(segments: readonly Segment[], results: ReadonlyMap<string, SegmentResult>): StateSeconds {
  const empty = () => ({ observed: 0, degraded: 0, recovered: 0, missing: 0 });
  const seconds: Record<Modality, Record<ModalityState, number>> = { text: empty(), audio: empty(), visual: empty() };
  for (const segment of segments) {
    const result = results.get(segment.id);
    if (!result) continue;
    const length = durationOf(segment.range) / MICROSECONDS_PER_SECOND;
    for (const modality of MODALITIES) seconds[modality][result.use[modality].state] += length;
  }
  return seconds;
}

const HEADER = 92;
const WIDTH = 960;
const BAR = 32;
const LINE = 14;

/** The picture: one bar per modality, numbers in seconds and percent under it; `width` in px. */
export function stateOverviewPicture(seconds: StateSeconds, caption: string, width = WIDTH): Picture {
  const words = MODALITIES.map((modality) => wrapWords(wordsOf(seconds, modality), width - HEADER));
  const row = BAR + LINE * Math.max(...words.map(({ length }) => length));
  return {
    title: 'State of each modality',
    width,
    height: MODALITIES.length * row,
    caption,
    legend: stateLegend,
    draw: (pen) =>
      MODALITIES.map((modality, index) =>
        drawBar(pen, { seconds, modality, width, words: words[index] ?? [] }, index * row),
      ).join(''),
  };
}

const secondsIn = (seconds: StateSeconds, modality: Modality): number =>
  MODALITY_STATES.reduce((sum, state) => sum + seconds[modality][state], 0);

function wordsOf(seconds: StateSeconds, modality: Modality): string {
  const total = secondsIn(seconds, modality);
  const own = seconds[modality];
  return MODALITY_STATES.filter((state) => own[state] > 0)
    .map((state) => `${state} ${own[state].toFixed(1)} s (${Math.round((own[state] / total) * 100)} %)`)
    .join(', ');
}

interface Bar {
  readonly seconds: StateSeconds;
  readonly modality: Modality;
  /** Of the whole picture, px. */
  readonly width: number;
  readonly words: readonly string[];
}

function drawBar(pen: Pen, { seconds, modality, width, words }: Bar, y: number): string {
  const { colours } = pen;
  const own = seconds[modality];
  const total = secondsIn(seconds, modality);
  const name = textLine(0, y + 14, `${MODALITY_KEY[modality]} ${modality}`, { fill: colours.ink, 'font-weight': 600 });
  if (total === 0) return name + textLine(HEADER, y + 14, 'no analysed segments', { fill: colours.ink2 });
  let x = HEADER;
  const cells = MODALITY_STATES.map((state) => {
    const part = (own[state] / total) * (width - HEADER);
    const drawn = part > 0 ? stateCell(pen, modality, state, { x, y, width: part, height: 22 }, false) : '';
    x += part;
    return drawn;
  });
  const lines = words.map((line, index) => textLine(HEADER, y + 36 + index * LINE, line, { fill: colours.ink2 }));
  return name + cells.join('') + lines.join('');
}
