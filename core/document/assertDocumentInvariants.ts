import type { Microseconds, TimeRange } from '../time/microseconds.js';
import { type AnnotationTier, schemeOf } from '../tiers/tier.js';
import { TRACE_SCALE } from '../traces/trace.js';
import type { AnnotationDocument } from './annotationDocument.js';

function fail(what: string): never {
  throw new RangeError(`document is broken: ${what}`);
}

function checkRange(range: TimeRange, duration: Microseconds, what: string): void {
  if (!Number.isSafeInteger(range.start) || !Number.isSafeInteger(range.end))
    fail(`${what} has times that are no integers`);
  if (range.start >= range.end) fail(`${what} is empty`);
  if (range.start < 0 || range.end > duration) fail(`${what} reaches outside the recording`);
}

function checkList(
  items: readonly { readonly id: string; readonly range: TimeRange }[],
  duration: Microseconds,
  what: string,
): void {
  const ids = new Set<string>();
  let previous = -Infinity;
  for (const { id, range } of items) {
    if (ids.has(id)) fail(`${what} ${id} exists twice`);
    ids.add(id);
    checkRange(range, duration, `${what} ${id}`);
    if (range.start < previous) fail(`${what} ${id} is out of order`);
    previous = range.start;
  }
}

function checkUnique(values: readonly string[], what: string): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) fail(`${what} ${twice} exists twice`);
}

function checkSchemes({ schemes = [] }: AnnotationDocument): void {
  checkUnique(
    schemes.map(({ id }) => id),
    'scheme',
  );
  for (const { name, values } of schemes) {
    checkUnique(
      values.map(({ value }) => value),
      `in scheme ${name} the value`,
    );
    checkUnique(
      values.flatMap(({ key }) => key ?? []),
      `in scheme ${name} the key`,
    );
  }
}

function checkTiers(document: AnnotationDocument): void {
  const { tiers = [], annotations = [] } = document;
  checkUnique(
    tiers.map(({ id }) => id),
    'tier',
  );
  checkUnique(
    tiers.map(({ name }) => name),
    'tier name',
  );
  checkList(annotations, document.duration, 'annotation');
  const valuesOf = ({ name, ...tier }: AnnotationTier): ReadonlySet<string> | undefined => {
    const scheme = schemeOf(document, tier);
    if (tier.schemeId !== undefined && !scheme) fail(`tier ${name} has a scheme that does not exist`);
    return scheme && new Set(scheme.values.map(({ value }) => value));
  };
  const known = new Map(tiers.map((tier) => [tier.id, valuesOf(tier)]));
  for (const { id, tierId, value } of annotations) {
    if (!known.has(tierId)) fail(`annotation ${id} is on a tier that does not exist`);
    if (value === undefined) continue;
    if (value.trim() === '') fail(`annotation ${id} has an empty value instead of none`);
    if (known.get(tierId)?.has(value) === false) fail(`annotation ${id} has a value that its scheme lacks: ${value}`);
  }
}

function checkTraces({ traces = [], duration }: AnnotationDocument): void {
  checkUnique(
    traces.map(({ id }) => id),
    'trace',
  );
  for (const { id, start, step, values, reactionLag } of traces) {
    if (![start, step, reactionLag].every(Number.isSafeInteger)) fail(`trace ${id} has times that are no integers`);
    if (start < 0 || step <= 0 || reactionLag < 0) fail(`trace ${id} has impossible times`);
    if (values.length > 0 && start + (values.length - 1) * step >= duration) fail(`trace ${id} outlasts the recording`);
    const bad = values.find((value) => value !== null && !(Number.isInteger(value) && Math.abs(value) <= TRACE_SCALE));
    if (bad !== undefined) fail(`trace ${id} has the value ${bad}`);
  }
}

/**
 * Checks what every edit must keep: ids unique; ranges not empty, inside the recording and in order of start; human
 * marks confirmed; confidences and scores in range; at most one label per segment and rater; annotations on tiers that
 * exist, with values that their scheme has; traces of whole values in range. Labels may outlive their segment, so that
 * undoing its removal brings them back.
 * @throws RangeError that names the first violation; one is a bug in an edit or damage in a stored document.
 */
export function assertDocumentInvariants(document: AnnotationDocument): void {
  checkList(document.segments, document.duration, 'segment');
  checkList(document.marks, document.duration, 'mark');
  for (const segment of document.segments) {
    if (segment.text?.trim() === '') fail(`segment ${segment.id} has an empty text instead of none`);
  }
  for (const mark of document.marks) {
    if (mark.source === 'human' && mark.review !== 'confirmed') fail(`mark ${mark.id} is human but ${mark.review}`);
    if (mark.confidence !== undefined && !(mark.confidence >= 0 && mark.confidence <= 1)) {
      fail(`mark ${mark.id} has a confidence of ${mark.confidence}`);
    }
    if (mark.ownKind !== undefined && mark.kind !== 'other')
      fail(`mark ${mark.id} has an own kind but is ${mark.kind}`);
  }
  checkSchemes(document);
  checkTiers(document);
  checkTraces(document);
  const reviewed = new Set<string>();
  for (const { segmentId, raterId } of document.reviews ?? []) {
    const key = JSON.stringify([segmentId, raterId]);
    if (reviewed.has(key)) fail(`rater ${raterId} reviewed segment ${segmentId} twice`);
    reviewed.add(key);
  }
  const seen = new Set<string>();
  for (const label of document.labels) {
    const key = JSON.stringify([label.segmentId, label.raterId]);
    if (seen.has(key)) fail(`rater ${label.raterId} labelled segment ${label.segmentId} twice`);
    seen.add(key);
    if (label.score !== undefined && !(label.score >= -3 && label.score <= 3)) {
      fail(`the score of rater ${label.raterId} for segment ${label.segmentId} is ${label.score}`);
    }
  }
}
