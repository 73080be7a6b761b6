/** The timeline of a recording as a picture: marks and states of each modality, segments, sentiment with intervals. */
import type { RaterLabel } from '../labels/label.js';
import type { CorruptionMark } from '../marks/mark.js';
import type { WaveformPeaks } from '../perception/perception.js';
import { MODALITIES, MODALITY_KEY, type Modality } from '../recording/modality.js';
import type { SegmentResult } from '../recovery/estimate.js';
import type { Segment } from '../segments/segment.js';
import { formatHms } from '../time/format.js';
import { type Microseconds, microseconds, type TimeRange } from '../time/microseconds.js';
import { stateRuns } from '../timeline/runs.js';
import { type Picture, stateLegend } from './pictureFrame.js';
import { drawSentiment, sentimentLegend } from './sentimentPlot.js';
import { type Pen, stateCell } from './statePatterns.js';
import { cutToFit, element, pathData, textLine } from './svg.js';

/** What a timeline picture is drawn from. */
export interface TimelineSource {
  readonly range: TimeRange;
  /** In order of start. */
  readonly segments: readonly Segment[];
  readonly results: ReadonlyMap<string, SegmentResult>;
  /** Rejected marks are not drawn. */
  readonly marks: readonly CorruptionMark[];
  readonly labels: readonly RaterLabel[];
  readonly intervalLevel: number;
  readonly peaks?: WaveformPeaks;
}

/** Where times lie in a plot. */
export interface TimeScale {
  readonly range: TimeRange;
  readonly left: number;
  readonly width: number;
}

export function timeX({ range, left, width }: TimeScale, time: number): number {
  const share = (time - range.start) / Math.max(1, range.end - range.start);
  return left + Math.min(1, Math.max(0, share)) * width;
}

const HEADER = 92;
const WIDTH = 960;
const ROW = { ruler: 20, wave: 40, marks: 16, states: 22, labels: 22, sentiment: 150 } as const;
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** What a timeline picture shows: everything, or the sentiment curve alone. */
export type TimelineRows = 'all' | 'sentiment';

const TITLES: Readonly<Record<TimelineRows, string>> = { all: 'Timeline', sentiment: 'Sentiment curve' };

function touches({ range }: { readonly range: TimeRange }, view: TimeRange): boolean {
  return range.start < view.end && range.end > view.start;
}

/** The picture of a timeline. */
export function timelinePicture(source: TimelineSource, caption: string, rows: TimelineRows = 'all'): Picture {
  const segments = source.segments.filter((segment) => touches(segment, source.range));
  const marks = source.marks.filter((mark) => mark.review !== 'rejected' && touches(mark, source.range));
  const visible: TimelineSource = { ...source, segments, marks };
  const scale: TimeScale = { range: source.range, left: HEADER, width: WIDTH - HEADER };
  const raters = rows === 'all' ? [...new Set(source.labels.map(({ raterId }) => raterId))].sort() : [];
  const lanes = MODALITIES.length * (ROW.marks + ROW.states + 4);
  const upper = rows === 'all' ? (source.peaks ? ROW.wave : 0) + lanes + ROW.labels * (1 + raters.length) : 0;
  return {
    title: TITLES[rows],
    width: WIDTH,
    height: ROW.ruler + upper + ROW.sentiment,
    caption,
    draw: (pen) => {
      let y = 0;
      const take = (height: number): number => {
        y += height;
        return y - height;
      };
      const parts = [drawRuler(pen, scale, take(ROW.ruler))];
      if (rows === 'all') {
        if (source.peaks) parts.push(drawWave(pen, source.peaks, scale, take(ROW.wave)));
        for (const modality of MODALITIES) {
          parts.push(drawMarks(pen, visible, modality, scale, take(ROW.marks)));
          parts.push(drawStates(pen, visible, modality, scale, take(ROW.states)));
          take(4);
        }
        parts.push(drawLabels(pen, visible, undefined, scale, take(ROW.labels)));
        for (const rater of raters) parts.push(drawLabels(pen, visible, rater, scale, take(ROW.labels)));
      }
      parts.push(drawSentiment(pen, visible, scale, take(ROW.sentiment), ROW.sentiment));
      return parts.join('');
    },
    legend: (pen) => [...(rows === 'all' ? stateLegend(pen) : []), ...sentimentLegend(pen, source.intervalLevel)],
  };
}

function rowName({ colours }: Pen, words: string, y: number, note = ''): string {
  return (
    textLine(0, y, words, { fill: colours.ink, 'font-weight': 600 }) +
    (note === '' ? '' : textLine(HEADER - 8, y, note, { fill: colours.ink3, 'text-anchor': 'end' }))
  );
}

function drawRuler({ colours }: Pen, scale: TimeScale, y: number): string {
  const { range, width } = scale;
  const perPixel = (range.end - range.start) / width;
  const step = (STEPS.find((seconds) => (seconds * 1e6) / perPixel >= 84) ?? 14_400) * 1e6;
  const parts = [textLine(0, y + 12, 'HH:MM:SS', { fill: colours.ink3 })];
  for (let time = Math.ceil(range.start / step) * step; time <= range.end; time += step) {
    const x = timeX(scale, time);
    const label = formatHms(microseconds(Math.round(time)));
    parts.push(element('line', { x1: x, x2: x, y1: y + 12, y2: y + ROW.ruler, stroke: colours.edge }));
    if (x + 60 <= scale.left + width) {
      parts.push(textLine(x + 3, y + 12, step < 1e6 ? label : label.slice(0, 8), { fill: colours.ink2 }));
    }
  }
  return parts.join('');
}

function drawWave(pen: Pen, { hop, minMax }: WaveformPeaks, scale: TimeScale, y: number): string {
  const bins = minMax.length / 2;
  const middle = y + ROW.wave / 2;
  const perPixel = (scale.range.end - scale.range.start) / scale.width;
  let path = '';
  for (let pixel = 0; pixel < scale.width; pixel += 1) {
    const from = Math.floor((scale.range.start + pixel * perPixel) / hop);
    const to = Math.min(bins, Math.max(from + 1, Math.floor((scale.range.start + (pixel + 1) * perPixel) / hop)));
    let [low, high] = [0, 0];
    for (let bin = from; bin < to; bin += 1) {
      low = Math.min(low, minMax[bin * 2] ?? 0);
      high = Math.max(high, minMax[bin * 2 + 1] ?? 0);
    }
    if (from >= bins) break;
    const half = ROW.wave / 2 - 3;
    path += pathData(
      'M',
      scale.left + pixel,
      middle - (high / 32_768) * half,
      'V',
      middle - (low / 32_768) * half + 0.5,
    );
  }
  return rowName(pen, 'Waveform', middle + 4) + element('path', { d: path, stroke: pen.colours.wave, fill: 'none' });
}

function drawMarks(pen: Pen, source: TimelineSource, modality: Modality, scale: TimeScale, y: number): string {
  const { colours } = pen;
  const own = source.marks.filter((mark) => mark.modality === modality);
  const drawn = own.map((mark) => {
    const x = timeX(scale, mark.range.start);
    const width = Math.max(1.5, timeX(scale, mark.range.end) - x);
    const confirmed = mark.review === 'confirmed';
    const words = cutToFit(`${confirmed ? '' : '? '}${mark.kind.replaceAll('_', ' ')}`, width - 6, 10);
    return (
      element('rect', {
        ...{ x: x + 0.75, y: y + 1, width: Math.max(0.5, width - 1.5), height: ROW.marks - 3, rx: 2, fill: 'none' },
        ...{ stroke: colours.ink2, 'stroke-width': 1.2, 'stroke-dasharray': confirmed ? undefined : '3 3' },
      }) + (words === '' ? '' : textLine(x + 4, y + 11, words, { fill: colours.ink, 'font-size': 10 }))
    );
  });
  const name = `${MODALITY_KEY[modality]} ${modality}`;
  return rowName(pen, name, y + 11, 'marks') + drawn.join('');
}

function drawStates(pen: Pen, source: TimelineSource, modality: Modality, scale: TimeScale, y: number): string {
  let drawnTo = -1;
  const cells = stateRuns(source.segments, source.results, modality).map(({ start, end, state }) => {
    const x = timeX(scale, start);
    const width = timeX(scale, end) - x;
    // several runs share a pixel: one of them is drawn
    if (width < 1.5 && Math.floor(x) === drawnTo) return '';
    drawnTo = Math.floor(x);
    return stateCell(pen, modality, state, { x, y, width: Math.max(1, width - 0.5), height: ROW.states - 3 });
  });
  return rowName(pen, '', y + 14, 'state') + cells.join('');
}

/** Labels of the model (no rater) or of a rater. */
function drawLabels(pen: Pen, source: TimelineSource, rater: string | undefined, scale: TimeScale, y: number): string {
  const { colours } = pen;
  const labels = new Map(source.labels.filter(({ raterId }) => raterId === rater).map((l) => [l.segmentId, l.label]));
  let drawnTo = -1;
  const boxes = source.segments.map((segment) => {
    const result = source.results.get(segment.id);
    const words = rater === undefined ? result && (result.estimate?.label ?? 'none') : labels.get(segment.id);
    const x = timeX(scale, segment.range.start);
    const width = timeX(scale, segment.range.end) - x;
    if (words === undefined || (width < 1.5 && Math.floor(x) === drawnTo)) return '';
    drawnTo = Math.floor(x);
    const shown = cutToFit(words, width - 6);
    return (
      element('rect', {
        ...{ x: x + 0.5, y: y + 2, width: Math.max(0.5, width - 1), height: ROW.labels - 5, rx: 2, fill: 'none' },
        ...{
          stroke: rater === undefined ? colours.edge : colours.rater,
          'stroke-dasharray': rater === undefined && width > 8 ? '3 3' : undefined,
        },
      }) + (shown === '' ? '' : textLine(x + 4, y + 14, shown, { fill: colours.ink }))
    );
  });
  return rowName(pen, rater === undefined ? 'Model' : `Rater ${rater}`, y + 14) + boxes.join('');
}

/** The whole recording as the range of a picture. */
export function wholeRange(duration: Microseconds): TimeRange {
  return { start: microseconds(0), end: duration };
}
