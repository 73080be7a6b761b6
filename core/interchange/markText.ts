import { LONGEST_KIND, MARK_KINDS, type MarkKind, type MarkSeverity } from '../marks/mark.js';

const PATTERN = /^([a-z_]+)(?:[\s,;:/]+(?:severity[\s:=]*)?([123]))?$/;
/** A kind of somebody's own: `other: lens flare 2`. */
const OWN = /^other\s*:\s*(.*?\S)(?:\s+([123]))?$/iu;

/** What a mark says as text. */
interface MarkWords {
  readonly kind: MarkKind;
  /** A kind of the person's own vocabulary; `kind` is `other` then. */
  readonly ownKind?: string;
  readonly severity: MarkSeverity;
}

/** A mark as the text of an annotation: kind and severity, `noisy 2`, `other: lens flare 3`. */
export function markText({ kind, ownKind, severity }: MarkWords): string {
  return ownKind === undefined ? `${kind} ${severity}` : `${kind}: ${ownKind} ${severity}`;
}

const severityOf = (digit: string | undefined) => (digit === undefined ? 3 : Number(digit)) as MarkSeverity;

/**
 * Reads `noisy 2`, `noisy; severity 2`, `noisy` or `other: lens flare 2`; without a severity it is 3, because what people
 * mark by hand is what should not be used. Undefined when the kind is not in the vocabulary.
 */
export function parseMarkText(text: string): MarkWords | undefined {
  const [, word = '', digit] = PATTERN.exec(text.trim().toLowerCase().replaceAll('-', '_')) ?? [];
  const kind = MARK_KINDS.find((item) => item === word);
  if (kind !== undefined) return { kind, severity: severityOf(digit) };
  const [, own = '', ownDigit] = OWN.exec(text.trim()) ?? [];
  const ownKind = own.slice(0, LONGEST_KIND).trim();
  return ownKind === '' ? undefined : { kind: 'other', ownKind, severity: severityOf(ownDigit) };
}
