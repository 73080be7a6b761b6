import type { Microseconds, TimeRange } from '../../core/time/microseconds.js';

/** The range with a typed edge, or what is wrong with it, in words for the person. */
export type TypedEdge = { readonly range: TimeRange; readonly problem: '' } | { readonly problem: string };

/**
 * Sets one edge of a range to a typed time, the alternative to dragging it.
 * @param time undefined where the text was no time.
 * @param duration end of the recording, microseconds.
 */
export function typedEdge(
  range: TimeRange,
  edge: 'start' | 'end',
  time: Microseconds | undefined,
  duration: number,
): TypedEdge {
  if (time === undefined) return { problem: 'Write the time as HH:MM:SS.mmm or in seconds.' };
  const next = { ...range, [edge]: time };
  if (next.start >= next.end) return { problem: 'The start must lie before the end.' };
  if (next.start < 0 || next.end > duration) return { problem: 'The time lies outside the recording.' };
  return { range: next, problem: '' };
}

/** Enter in a line of text, and Esc, end typing: the value is taken over. False for every other key. */
export function endsTyping(event: KeyboardEvent & { currentTarget: HTMLElement }): boolean {
  const ends = event.code === 'Escape' || (event.code === 'Enter' && event.currentTarget.tagName === 'INPUT');
  if (!ends) return false;
  event.preventDefault();
  event.currentTarget.dispatchEvent(new Event('change', { bubbles: true }));
  return true;
}
