/** The sentiment curve: one plateau per segment, its interval as a band; measured and recovered never share a line. */
import { type CurvePoint, type CurveRun, curveRuns } from '../timeline/runs.js';
import type { LegendEntry } from './pictureFrame.js';
import { gapBox, type Pen } from './statePatterns.js';
import { element, estimatedWidth, pathData, textLine } from './svg.js';
import { type TimelineSource, type TimeScale, timeX } from './timelinePicture.js';

type ToY = (score: number) => number;

export function drawSentiment(pen: Pen, source: TimelineSource, scale: TimeScale, top: number, height: number): string {
  const { colours } = pen;
  const middle = top + height / 2;
  const toY: ToY = (score) => middle - (Math.min(3, Math.max(-3, score)) / 3) * (height / 2 - 8);
  const right = scale.left + scale.width;
  const grid = [3, 2, 1, 0, -1, -2, -3].map((score) => {
    const y = toY(score);
    const words = score > 0 ? `+${score}` : score < 0 ? `−${-score}` : '0';
    const fill = score > 0 ? colours.positive : score < 0 ? colours.negative : colours.ink3;
    return (
      element('line', { x1: scale.left, x2: right, y1: y, y2: y, stroke: score === 0 ? colours.edge : colours.line }) +
      textLine(scale.left - 8, y + 4, words, { fill, 'text-anchor': 'end' })
    );
  });
  const gaps = source.segments.flatMap(({ id, range }) => {
    const result = source.results.get(id);
    if (!result || result.estimate) return [];
    const x = timeX(scale, range.start);
    const width = timeX(scale, range.end) - x;
    return [gapBox(pen, 'no estimate', { x, y: top + 6, width, height: height - 12 })];
  });
  return [
    textLine(0, top + 12, 'Sentiment', { fill: colours.ink, 'font-weight': 600 }),
    textLine(0, top + 27, 'points', { fill: colours.ink3 }),
    ...grid,
    ...gaps,
    ...raters(pen, source, scale, toY),
    ...curveRuns(source.segments, source.results).map((run) => drawRun(pen, run, scale, toY, top)),
  ].join('');
}

function raters({ colours }: Pen, source: TimelineSource, scale: TimeScale, toY: ToY): readonly string[] {
  const ranges = new Map(source.segments.map(({ id, range }) => [id, range]));
  return source.labels.flatMap(({ segmentId, score }) => {
    const range = ranges.get(segmentId);
    if (score === undefined || !range) return [];
    const [x1, x2, y] = [timeX(scale, range.start), timeX(scale, range.end), toY(score)];
    const square = { x: (x1 + x2) / 2 - 3, y: y - 3, width: 6, height: 6 };
    return [
      element('line', { x1, x2, y1: y, y2: y, stroke: colours.rater, 'stroke-width': 2.5 }),
      element('rect', { ...square, fill: colours.paper, stroke: colours.rater, 'stroke-width': 1.5 }),
    ];
  });
}

/** A line with a plateau per segment; slopes only join plateaus. */
function plateaus(run: CurveRun, scale: TimeScale, yOf: (point: CurvePoint) => number): readonly (readonly number[])[] {
  return run.points.map((point, index) => {
    const [left, right] = [timeX(scale, point.start), timeX(scale, point.end)];
    const inset = Math.min(18, (right - left) * 0.22);
    const last = run.points.length - 1;
    return [left + (index === 0 ? 0 : inset), right - (index === last ? 0 : inset), yOf(point)];
  });
}

function linePath(steps: readonly (readonly number[])[]): string {
  return steps
    .map(([left = 0, right = 0, y = 0], index) => {
      const before = steps[index - 1];
      if (!before) return pathData('M', left, y, 'H', right);
      const middle = ((before[1] ?? 0) + left) / 2;
      return pathData('C', middle, before[2] ?? 0, middle, y, left, y, 'H', right);
    })
    .join(' ');
}

function drawRun(pen: Pen, run: CurveRun, scale: TimeScale, toY: ToY, top: number): string {
  const { colours, prefix } = pen;
  const high = plateaus(run, scale, ({ score }) => toY(score.high));
  const low = plateaus(run, scale, ({ score }) => toY(score.low));
  const back = [...low].reverse().map(([left = 0, right = 0, y = 0]) => pathData('L', right, y, 'L', left, y));
  const band = `${linePath(high)} ${back.join(' ')} Z`;
  const edges = run.recovered
    ? [high, low].map((steps) =>
        element('path', { d: linePath(steps), fill: 'none', stroke: colours.ink3, 'stroke-dasharray': '3 3' }),
      )
    : [];
  const value = linePath(plateaus(run, scale, ({ score }) => toY(score.value)));
  return [
    element('path', { d: band, fill: run.recovered ? `url(#${prefix}-band)` : colours.band }),
    ...edges,
    element('path', {
      ...{ d: value, fill: 'none', stroke: colours.ink, 'stroke-width': 1.75 },
      'stroke-dasharray': run.recovered ? '6 3' : undefined,
    }),
    ...notes(pen, run, scale, top),
  ].join('');
}

function notes({ colours }: Pen, run: CurveRun, scale: TimeScale, top: number): readonly string[] {
  let before = '';
  return run.points.flatMap(({ start, end, note }) => {
    if (note === before) return [];
    before = note;
    const x = timeX(scale, start);
    if (note === '' || timeX(scale, end) - x < estimatedWidth(note) + 6) return [];
    return [textLine(x + 4, top + 14, note, { fill: colours.ink })];
  });
}

/** Legend of the curve; the interval's level is named. */
export function sentimentLegend({ colours, prefix }: Pen, intervalLevel: number): readonly LegendEntry[] {
  const line = (x: number, y: number, dashes?: string) =>
    element('line', {
      ...{ x1: x, x2: x + 26, y1: y + 7, y2: y + 7, stroke: colours.ink, 'stroke-width': 1.75 },
      'stroke-dasharray': dashes,
    });
  const box = (x: number, y: number) => ({ x, y: y + 1, width: 26, height: 12 });
  const level = `${Math.round(intervalLevel * 100)} % interval`;
  return [
    {
      draw: (x, y) => element('rect', { ...box(x, y), fill: colours.band }) + line(x, y),
      words: `model, ${level}`,
    },
    {
      draw: (x, y) =>
        element('rect', {
          ...box(x, y),
          ...{ fill: `url(#${prefix}-band)`, stroke: colours.ink3, 'stroke-dasharray': '3 3' },
        }) + line(x, y, '6 3'),
      words: `model with recovered input, ${level}`,
    },
    {
      draw: (x, y) =>
        element('line', { x1: x, x2: x + 26, y1: y + 7, y2: y + 7, stroke: colours.rater, 'stroke-width': 2.5 }) +
        element('rect', {
          ...{ x: x + 10, y: y + 4, width: 6, height: 6, fill: colours.paper },
          ...{ stroke: colours.rater, 'stroke-width': 1.5 },
        }),
      words: 'rater',
    },
  ];
}
