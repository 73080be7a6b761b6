/**
 * A project that was read, as JSON texts of moderate length. Texts cross the border to the page at once, where a large object
 * would hold it up; there they are read one by one.
 */
import type { AnnotationDocument } from '../document/annotationDocument.js';
import type { SegmentResult } from '../recovery/estimate.js';
import type { ReadProject } from './projectFile.js';

/** Results in one text. */
const PER_TEXT = 250;

export interface PackedProject {
  /** Everything but the following lists. */
  readonly rest: string;
  readonly documents: readonly string[];
  /** An analysis without its results, and these in slices. */
  readonly analyses: readonly { readonly rest: string; readonly results: readonly string[] }[];
}

export function packRead({ documents, analyses, ...rest }: ReadProject): PackedProject {
  return {
    rest: JSON.stringify(rest),
    documents: documents.map((item) => JSON.stringify(item)),
    analyses: analyses.map((item) => {
      const { results, ...analysis } = item.analysis;
      const slices: string[] = [];
      for (let at = 0; at < results.length; at += PER_TEXT) {
        slices.push(JSON.stringify(results.slice(at, at + PER_TEXT)));
      }
      return { rest: JSON.stringify({ ...item, analysis }), results: slices };
    }),
  };
}

/** The project again; pauses after every text. The texts were made by `packRead` from what a schema had checked. */
export function* unpackRead(packed: PackedProject): Generator<undefined, ReadProject, void> {
  const rest = JSON.parse(packed.rest) as Omit<ReadProject, 'documents' | 'analyses'>;
  const documents: AnnotationDocument[] = [];
  for (const text of packed.documents) {
    documents.push(JSON.parse(text) as AnnotationDocument);
    yield;
  }
  const analyses: ReadProject['analyses'][number][] = [];
  for (const item of packed.analyses) {
    const results: SegmentResult[] = [];
    for (const text of item.results) {
      results.push(...(JSON.parse(text) as readonly SegmentResult[]));
      yield;
    }
    const analysis = JSON.parse(item.rest) as ReadProject['analyses'][number];
    analyses.push({ ...analysis, analysis: { ...analysis.analysis, results } });
  }
  return { ...rest, documents, analyses };
}
