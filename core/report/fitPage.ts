/** What of a report fits on its page. What is left out is counted, and the page says where all of it is. */

/** Words cut to at most `most` characters, with an ellipsis. */
export function shorten(words: string, most: number): string {
  if (words.length <= most) return words;
  const cut = words.slice(0, most - 1);
  const end = cut.lastIndexOf(' ');
  return `${cut.slice(0, end > most / 2 ? end : undefined).trimEnd()}…`;
}

/**
 * The first items, as many as have room: at most `items`, and at most `characters` together. The first one always has.
 * @param lengthOf characters of an item on the page.
 */
export function fitting<T>(
  all: readonly T[],
  room: { readonly items: number; readonly characters: number },
  lengthOf: (item: T) => number,
): { readonly shown: readonly T[]; readonly left: number } {
  let used = 0;
  const end = all.findIndex((item, index) => {
    used += lengthOf(item);
    return index >= room.items || (index > 0 && used > room.characters);
  });
  const shown = end < 0 ? all : all.slice(0, end);
  return { shown, left: all.length - shown.length };
}
