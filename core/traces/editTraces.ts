/** Edits of continuous traces. Each gives a new document; the old one stays. */
import type { AnnotationDocument } from '../document/annotationDocument.js';
import { nextId } from '../tiers/tier.js';
import type { Microseconds } from '../time/microseconds.js';
import type { Trace } from './trace.js';

const all = (document: AnnotationDocument): readonly Trace[] => document.traces ?? [];

/** The id that the next trace of a document gets. */
export function nextTraceId(document: AnnotationDocument): string {
  return nextId('v', all(document));
}

/**
 * Adds a trace, or puts its new state in the place of the one of its id; cut where the recording ends. A stick at rest
 * says minus zero, which files cannot hold: it is kept as zero, so that a trace reads back as it was written.
 */
export function putTrace(document: AnnotationDocument, trace: Trace): AnnotationDocument {
  const room = Math.max(0, Math.ceil((document.duration - trace.start) / trace.step));
  const values = trace.values.slice(0, room).map((value) => (value === 0 ? 0 : value));
  const cut = { ...trace, values };
  const known = all(document).some(({ id }) => id === cut.id);
  const traces = known ? all(document).map((other) => (other.id === cut.id ? cut : other)) : [...all(document), cut];
  return { ...document, traces };
}

/** Removes a trace; the same document when there is none of this id. */
export function removeTrace(document: AnnotationDocument, id: string): AnnotationDocument {
  const traces = all(document).filter((trace) => trace.id !== id);
  return traces.length === all(document).length ? document : { ...document, traces };
}

/** States another reaction lag, µs, 0 or more. @throws RangeError when there is no such trace. */
export function setTraceLag(document: AnnotationDocument, id: string, reactionLag: Microseconds): AnnotationDocument {
  const trace = all(document).find((other) => other.id === id);
  if (!trace) throw new RangeError(`no trace ${id}`);
  if (trace.reactionLag === reactionLag) return document;
  return putTrace(document, { ...trace, reactionLag });
}
