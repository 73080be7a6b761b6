/** Names that would reach an object's prototype. */
const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_DEPTH = 40;
/** Longest text in a project file, UTF-16 units; a fingerprint of 100 000 segments is the longest honest one. */
const MAX_TEXT = 100_000_000;
const MAX_VALUES = 50_000_000;

/**
 * Looks through a value that came from JSON before a schema reads it.
 * @returns what is wrong, as the end of a sentence; undefined when nothing is.
 */
export function checkJson(value: unknown): string | undefined {
  let left = MAX_VALUES;
  const look = (item: unknown, depth: number): string | undefined => {
    left -= 1;
    if (left < 0) return `has more than ${MAX_VALUES} values.`;
    if (typeof item === 'string')
      return item.length > MAX_TEXT ? `has a text of ${item.length} characters.` : undefined;
    if (typeof item !== 'object' || item === null) return undefined;
    if (depth >= MAX_DEPTH) return `is nested more than ${MAX_DEPTH} deep.`;
    if (Array.isArray(item)) {
      for (const entry of item) {
        const trouble = look(entry, depth + 1);
        if (trouble !== undefined) return trouble;
      }
      return undefined;
    }
    for (const [key, entry] of Object.entries(item)) {
      if (PROTOTYPE_KEYS.has(key)) return `has the forbidden key ${key}.`;
      const trouble = look(entry, depth + 1);
      if (trouble !== undefined) return trouble;
    }
    return undefined;
  };
  return look(value, 0);
}
