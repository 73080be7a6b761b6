import { MARK_KINDS, type MarkKind, type MarkSeverity } from '../marks/mark.js';

const PATTERN = /^([a-z_]+)(?:[\s,;:/]+(?:severity[\s:=]*)?([123]))?$/;

/** A mark as the text of an annotation: kind and severity, `noisy 2`. */
export function markText(kind: MarkKind, severity: MarkSeverity): string {
  return `${kind} ${severity}`;
}

/**
 * Reads `noisy 2`, `noisy; severity 2` or `noisy`; without a severity it is 3, because what people mark by hand is what
 * should not be used. Undefined when the kind is not in the vocabulary.
 */
export function parseMarkText(text: string): { readonly kind: MarkKind; readonly severity: MarkSeverity } | undefined {
  const [, word = '', digit] = PATTERN.exec(text.trim().toLowerCase().replaceAll('-', '_')) ?? [];
  const kind = MARK_KINDS.find((item) => item === word);
  return kind === undefined ? undefined : { kind, severity: (digit === undefined ? 3 : Number(digit)) as MarkSeverity };
}
