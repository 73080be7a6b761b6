/** Elements of a long list that are turned into text in one go. */
const PER_SLICE = 100;
/** A list shorter than this is one slice. */
const LONG = 20;

/**
 * The JSON text of a value in pieces, so that whoever asks can pause between them; joined, they are what
 * `JSON.stringify` gives for plain objects and lists.
 */
export function* jsonSlices(value: unknown): Generator<string, void, void> {
  if (Array.isArray(value) && value.length >= LONG) {
    for (let at = 0; at < value.length; at += PER_SLICE) {
      const part = JSON.stringify(value.slice(at, at + PER_SLICE));
      yield `${at === 0 ? '[' : ','}${part.slice(1, -1)}`;
    }
    yield ']';
  } else if (Array.isArray(value)) {
    yield '[';
    for (const [index, item] of value.entries()) {
      if (index > 0) yield ',';
      yield* jsonSlices(item ?? null);
    }
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    let before = '{';
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* jsonSlices(item);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  } else yield JSON.stringify(value) ?? 'null';
}
