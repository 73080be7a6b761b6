import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHms, formatSeconds, formatShort, parseTime } from '../../../core/time/format.js';
import { microseconds } from '../../../core/time/microseconds.js';

const anyTime = fc.integer({ min: -4e14, max: 4e14 }).map(microseconds);

describe('formatting a time', () => {
  it.each([
    [0, '00:00:00.000', '0.000'],
    [499, '00:00:00.000', '0.000'],
    [500, '00:00:00.001', '0.001'],
    [-499, '00:00:00.000', '0.000'],
    [-500, '-00:00:00.001', '-0.001'],
    [59_999_500, '00:01:00.000', '60.000'],
    [3_723_456_789, '01:02:03.457', '3723.457'],
    [360_000_000_000, '100:00:00.000', '360000.000'],
  ])('writes %i microseconds as %s and %s', (value, hms, seconds) => {
    expect(formatHms(microseconds(value))).toBe(hms);
    expect(formatSeconds(microseconds(value))).toBe(seconds);
  });

  it('names the same instant in both columns, at most half a millisecond away from the time', () => {
    fc.assert(
      fc.property(anyTime, (time) => {
        const fromHms = parseTime(formatHms(time));
        expect(parseTime(formatSeconds(time))).toBe(fromHms);
        expect(Math.abs((fromHms ?? Infinity) - time)).toBeLessThanOrEqual(500);
      }),
    );
  });

  it('is monotonic: a later time is never written as an earlier one', () => {
    fc.assert(
      fc.property(anyTime, fc.nat(5_000), (time, step) => {
        const later = parseTime(formatSeconds(microseconds(time + step)))!;
        expect(later).toBeGreaterThanOrEqual(parseTime(formatSeconds(time))!);
      }),
    );
  });

  it('shows whole seconds in narrow lists, hours only where there are any', () => {
    expect(formatShort(microseconds(65_900_000))).toBe('01:05');
    expect(formatShort(microseconds(3_665_000_000))).toBe('1:01:05');
    expect(formatShort(microseconds(-400_000))).toBe('00:00');
    expect(formatShort(microseconds(-61_000_000))).toBe('-01:01');
  });
});

describe('reading a time', () => {
  it.each([
    ['00:00:01.5', 1_500_000],
    ['00:00:01,250', 1_250_000],
    ['02:03', 123_000_000],
    ['90:00', 5_400_000_000],
    ['1:02:03.000001', 3_723_000_001],
    ['12.3456785', 12_345_679],
    ['-0,5', -500_000],
    ['.5', 500_000],
    [' 7 ', 7_000_000],
    ['100:00:00', 360_000_000_000],
  ])('reads %s', (text, expected) => {
    expect(parseTime(text)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    'abc',
    '1:60',
    '1:60:00',
    '00:00:61',
    '1.2.3',
    '1e3',
    'NaN',
    '.',
    '-',
    '1:2:3:4',
    '999999999999999',
  ])('refuses "%s"', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('never throws and gives safe integers only', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^-?[\d:.,]{0,20}$/)), (text) => {
        const time = parseTime(text);
        expect(time === undefined || Number.isSafeInteger(time)).toBe(true);
        expect(Object.is(time, -0)).toBe(false);
      }),
    );
  });

  it('keeps every microsecond that is written out', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.nat(999_999), (seconds, micros) => {
        const text = `${seconds}.${String(micros).padStart(6, '0')}`;
        expect(parseTime(text)).toBe(seconds * 1_000_000 + micros);
      }),
    );
  });
});
