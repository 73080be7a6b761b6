import { formatHms } from '../../core/time/format.js';
import type { TierAnnotation } from '../../core/tiers/tier.js';
import { ratedShare, type Trace, traceRange } from '../../core/traces/trace.js';
import type { TimeRange } from '../../core/time/microseconds.js';
import { markWords, percent, plain, signed } from '../words.js';
import type { Hit } from './hitTest.js';
import type { TimelineModel } from './timelineModel.js';

/** Words for what the pointer is on: times, state, quality, source. Empty where there is nothing to say. */
export function tooltipOf(model: TimelineModel, hit: Hit | undefined): string {
  if (!hit || hit.on === 'header' || hit.on === 'overview') return '';
  if (hit.on === 'annotationEdge') return annotationWords(hit.annotation);
  if (hit.on === 'tier') return hit.annotation ? annotationWords(hit.annotation) : '';
  if (hit.on === 'trace') return hit.trace ? traceWords(hit.trace) : '';
  if (hit.on === 'mark' || hit.on === 'markEdge') {
    const { mark } = hit;
    const source =
      mark.source === 'human' ? `marked by ${mark.raterId ?? 'a person'}` : `found by ${mark.detector ?? 'a detector'}`;
    const by = mark.reviewedBy === undefined ? '' : `, ${mark.review} by ${mark.reviewedBy}`;
    const sure = mark.confidence === undefined ? '' : `, confidence ${plain(mark.confidence)}`;
    return `${markWords(mark)}, ${mark.review}, ${times(mark.range)}\nseverity ${mark.severity} of 3, ${source}${sure}${by}`;
  }
  const segment = 'segment' in hit ? hit.segment : undefined;
  if (!segment) return '';
  const result = model.results.get(segment.id);
  const head = `Segment ${model.segmentNumber.get(segment.id) ?? ''}, ${times(segment.range)}`;
  if (hit.on === 'lane' && result) {
    const use = result.use[hit.modality];
    return `${head}\n${hit.modality} ${use.state}: ${use.reason}\nusable ${percent(use.usableFraction)}`;
  }
  if (!result) return segment.text === undefined ? head : `${head}\n${segment.text}`;
  if (!result.estimate) return `${head}\nno estimate`;
  const { score, label, confidence } = result.estimate;
  const level = model.intervalLevel === undefined ? '' : `${percent(model.intervalLevel)} interval `;
  return `${head}\nmodel: ${label} ${plain(confidence)}, score ${signed(score.value)}, ${level}${signed(score.low)} to ${signed(score.high)}`;
}

function annotationWords({ value, range, raterId, note, flagged, reactionLag }: TierAnnotation): string {
  const lag = reactionLag ? `, marked live, ${reactionLag / 1000} ms reaction lag taken off` : '';
  const flag = flagged ? ', flagged' : '';
  return `${value ?? 'no value yet'}\n${times(range)}, by ${raterId}${flag}${lag}${note ? `\n${note}` : ''}`;
}

function traceWords(trace: Trace): string {
  const lag = `reaction lag ${trace.reactionLag / 1000} ms`;
  return `${trace.dimension} by ${trace.raterId}, ${times(traceRange(trace))}\n${percent(ratedShare(trace))} rated, by ${trace.input}, ${lag}`;
}

function times(range: TimeRange): string {
  return `${formatHms(range.start)} to ${formatHms(range.end)}`;
}
