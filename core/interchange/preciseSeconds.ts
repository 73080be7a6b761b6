import { MICROSECONDS_PER_SECOND, type Microseconds } from '../time/microseconds.js';

/** Seconds with all six decimals that a time has, without trailing zeros: `12`, `12.345678`; never through a float. */
export function formatPreciseSeconds(time: Microseconds): string {
  const magnitude = Math.abs(time);
  const whole = Math.floor(magnitude / MICROSECONDS_PER_SECOND);
  const fraction = String(magnitude % MICROSECONDS_PER_SECOND)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${time < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
