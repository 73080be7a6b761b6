import { type Microseconds, microseconds } from '../time/microseconds.js';
import type { AdditionalMedia } from './project.js';

/**
 * Where a second file stands at a time of the recording's clock, on the file's own clock; negative before it begins. Its
 * clock runs `driftPpm` parts per million faster than the recording's.
 */
export function fileTime(
  { offset, driftPpm }: Pick<AdditionalMedia, 'offset' | 'driftPpm'>,
  time: number,
): Microseconds {
  return microseconds(Math.round((time - offset) * (1 + driftPpm / 1e6)));
}
