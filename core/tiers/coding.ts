import type { AnnotationDocument } from '../document/annotationDocument.js';

/** What people coded beside the segments; absent fields and empty lists are the same. */
export type Coding = Pick<AnnotationDocument, 'tiers' | 'annotations' | 'schemes' | 'traces'>;

/** The coding in a document, a report or an argument that has it; without what is empty. */
export function codingOf({ tiers, annotations, schemes, traces }: Coding): Coding {
  return {
    ...(tiers && tiers.length > 0 ? { tiers } : {}),
    ...(annotations && annotations.length > 0 ? { annotations } : {}),
    ...(schemes && schemes.length > 0 ? { schemes } : {}),
    ...(traces && traces.length > 0 ? { traces } : {}),
  };
}
