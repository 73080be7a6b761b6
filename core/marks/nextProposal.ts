import type { CorruptionMark } from './mark.js';

/**
 * The unreviewed proposal that comes after the one of id `after`, going round; without such one the first at or after
 * `time` (µs), else the first of all.
 * @param marks in order of start.
 */
export function nextProposal(
  marks: readonly CorruptionMark[],
  time: number,
  after?: string,
): CorruptionMark | undefined {
  const open = marks.filter((mark) => mark.review === 'proposed');
  const position = open.findIndex((mark) => mark.id === after);
  if (position >= 0) return open[(position + 1) % open.length];
  return open.find((mark) => mark.range.start >= time) ?? open[0];
}
