import { fileTime } from '../../core/project/mediaClock.js';
import type { AdditionalMedia } from '../../core/project/project.js';

/** Most that a playing second file may be off before it jumps, seconds: under two frames of 25 per second. */
const PLAYING_TOLERANCE = 0.06;
/** Most that a standing one may be off, seconds. */
const STANDING_TOLERANCE = 0.002;

/** What a second file follows. */
export interface LeadingClock {
  /** Microseconds on the recording's clock. */
  readonly time: number;
  readonly playing: boolean;
  readonly speed: number;
}

type Followed = Pick<HTMLMediaElement, 'currentTime' | 'duration' | 'paused' | 'playbackRate' | 'play' | 'pause'>;

/**
 * Keeps a second camera or microphone on the recording's clock.
 * @returns whether the file has something at this time.
 */
export function followClock(
  element: Followed,
  media: Pick<AdditionalMedia, 'offset' | 'driftPpm'>,
  clock: LeadingClock,
): boolean {
  const target = fileTime(media, clock.time) / 1e6;
  const inside = target >= 0 && (!Number.isFinite(element.duration) || target <= element.duration);
  if (!inside) {
    if (!element.paused) element.pause();
    return false;
  }
  const rate = clock.speed * (1 + media.driftPpm / 1e6);
  if (element.playbackRate !== rate) element.playbackRate = rate;
  const tolerance = clock.playing ? PLAYING_TOLERANCE : STANDING_TOLERANCE;
  if (Math.abs(element.currentTime - target) > tolerance) element.currentTime = target;
  if (clock.playing && element.paused) void element.play().catch(() => undefined);
  else if (!clock.playing && !element.paused) element.pause();
  return true;
}
