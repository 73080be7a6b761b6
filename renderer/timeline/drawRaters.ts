import { type DrawContext, plotSpan, separator } from './drawContext.js';
import { HEADER_WIDTH, type Row } from './layout.js';
import { fitText, setFont } from './patterns.js';
import type { TimelineModel } from './timelineModel.js';
import { visibleIndexes } from './viewport.js';

/** One row of labels under the segments. */
interface LabelRow {
  readonly name: string;
  readonly model: boolean;
  /** Words for a segment; undefined where this rater gave no label. */
  readonly wordsOf: (segmentId: string) => string | undefined;
}

/** The model's row, then one per rater; the model is left out before an analysis and in blind mode. */
export function labelRows(model: Pick<TimelineModel, 'results' | 'raters'>): readonly LabelRow[] {
  const rows: LabelRow[] = [];
  if (model.results.size > 0) {
    rows.push({
      name: 'Model',
      model: true,
      wordsOf: (id) => {
        const result = model.results.get(id);
        return result && (result.estimate?.label ?? 'none');
      },
    });
  }
  for (const { id, labels } of model.raters) {
    rows.push({ name: `Rater ${id}`, model: false, wordsOf: (segmentId) => labels.get(segmentId)?.label });
  }
  return rows;
}

/** Labels of the model and of all raters, one row each, in the columns of the segments. */
export function drawRaters(draw: DrawContext): void {
  const rows = labelRows(draw.model);
  draw.layout.raters.forEach((row, index) => {
    const labels = rows[index];
    if (labels) drawRow(draw, row, labels);
    separator(draw, row.y + row.height - 1);
  });
}

function drawRow(draw: DrawContext, row: Row, { wordsOf, model: isModel }: LabelRow): void {
  const { canvas, model, palette, viewport } = draw;
  const [from, to] = visibleIndexes(model.segments.starts, model.segments.longest, viewport);
  let drawnTo = -1;
  setFont(canvas, palette, isModel ? 400 : 600);
  canvas.textBaseline = 'middle';
  canvas.textAlign = 'left';
  for (const segment of model.segments.items.slice(from, to)) {
    const words = wordsOf(segment.id);
    if (words === undefined) continue;
    const { x, width } = plotSpan(draw, segment.range.start, segment.range.end);
    if (width < 3) {
      if (Math.floor(x) === drawnTo) continue;
      drawnTo = Math.floor(x);
      canvas.fillStyle = isModel ? palette.ink3 : palette.rater;
      canvas.fillRect(drawnTo, row.y + 5, 1, row.height - 10);
      continue;
    }
    canvas.strokeStyle = isModel ? palette.edge : palette.rater;
    canvas.lineWidth = 1;
    canvas.setLineDash(isModel ? [3, 3] : []);
    canvas.strokeRect(x + 0.5, row.y + 3.5, Math.max(1, width - 2), row.height - 8);
    canvas.setLineDash([]);
    const left = Math.max(x, HEADER_WIDTH) + 6;
    const room = Math.min(x + width, HEADER_WIDTH + viewport.width) - left - 4;
    if (room < 16) continue;
    canvas.fillStyle = palette.ink;
    canvas.fillText(fitText(canvas, words, room), left, row.y + row.height / 2);
  }
}
