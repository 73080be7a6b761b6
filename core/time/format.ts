/**
 * The one place where times become text and text becomes times.
 *
 * `formatSeconds` and `formatHms` share one rounding, so the two columns of a report row always name the same instant.
 */
import { microseconds, type Microseconds } from './microseconds.js';

const MICROSECONDS_PER_MILLISECOND = 1_000;

interface ClockParts {
  readonly sign: '' | '-';
  readonly totalSeconds: number;
  readonly milliseconds: number;
}

/** Splits a time after rounding it to milliseconds, halves away from zero; a time that rounds to zero has no sign. */
function clockParts(time: Microseconds): ClockParts {
  const magnitude = Math.abs(time);
  const remainder = magnitude % MICROSECONDS_PER_MILLISECOND;
  const total =
    (magnitude - remainder) / MICROSECONDS_PER_MILLISECOND + (remainder * 2 >= MICROSECONDS_PER_MILLISECOND ? 1 : 0);
  return {
    sign: time < 0 && total > 0 ? '-' : '',
    totalSeconds: Math.floor(total / 1_000),
    milliseconds: total % 1_000,
  };
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** `HH:MM:SS.mmm`, rounded to milliseconds (halves away from zero); hours grow beyond two digits where needed. */
export function formatHms(time: Microseconds): string {
  const { sign, totalSeconds, milliseconds } = clockParts(time);
  const hours = Math.floor(totalSeconds / 3_600);
  const minutes = Math.floor(totalSeconds / 60) % 60;
  return `${sign}${pad(hours, 2)}:${pad(minutes, 2)}:${pad(totalSeconds % 60, 2)}.${pad(milliseconds, 3)}`;
}

/** `mm:ss`, or `h:mm:ss` from one hour on; cut to whole seconds as clocks do, for narrow lists. */
export function formatShort(time: Microseconds): string {
  const { sign, totalSeconds } = clockParts(time);
  const hours = Math.floor(totalSeconds / 3_600);
  const minutes = Math.floor(totalSeconds / 60) % 60;
  const seconds = pad(totalSeconds % 60, 2);
  const shown = totalSeconds === 0 ? '' : sign;
  return hours > 0 ? `${shown}${hours}:${pad(minutes, 2)}:${seconds}` : `${shown}${pad(minutes, 2)}:${seconds}`;
}

/** Seconds with exactly three decimals, `12.345`, computed from the integer (never through a float). */
export function formatSeconds(time: Microseconds): string {
  const { sign, totalSeconds, milliseconds } = clockParts(time);
  return `${sign}${totalSeconds}.${pad(milliseconds, 3)}`;
}

const CLOCK_TIME = /^([+-]?)(?:(\d{1,9}):)?(\d{1,9}):(\d{1,2})(?:[.,](\d*))?$/;
const PLAIN_SECONDS = /^([+-]?)(\d{1,12})?(?:[.,](\d*))?$/;

/** Digits after the decimal sign as microseconds; the seventh digit rounds. */
function fractionMicroseconds(digits: string): number {
  const micros = Number(digits.slice(0, 6).padEnd(6, '0'));
  return micros + (Number(digits.charAt(6) || '0') >= 5 ? 1 : 0);
}

function signedTime(sign: string, seconds: number, fraction: string): Microseconds | undefined {
  const magnitude = seconds * 1_000_000 + fractionMicroseconds(fraction);
  if (!Number.isSafeInteger(magnitude)) return undefined;
  return microseconds(sign === '-' && magnitude > 0 ? -magnitude : magnitude);
}

/**
 * Reads `HH:MM:SS.mmm`, `MM:SS`, `MM:SS.mmm` or plain seconds; the decimal sign is a dot or a comma, a sign may lead.
 * @returns undefined where the text is none of these, or minutes or seconds are 60 or more in a place that carries.
 */
export function parseTime(text: string): Microseconds | undefined {
  const trimmed = text.trim();
  const clock = CLOCK_TIME.exec(trimmed);
  if (clock) {
    const [, sign = '', hours, minutesText = '', secondsText = '', fraction = ''] = clock;
    const minutes = Number(minutesText);
    const seconds = Number(secondsText);
    if (seconds >= 60 || (hours !== undefined && minutes >= 60)) return undefined;
    return signedTime(sign, Number(hours ?? 0) * 3_600 + minutes * 60 + seconds, fraction);
  }
  const plain = PLAIN_SECONDS.exec(trimmed);
  if (!plain) return undefined;
  const [, sign = '', whole, fraction] = plain;
  if (whole === undefined && !fraction) return undefined;
  return signedTime(sign, Number(whole ?? 0), fraction ?? '');
}
