import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microseconds } from '../../core/time/microseconds.js';
import { frameLength, listedFrames, snapToFrame, steadyFrames, stepFrames } from '../../renderer/document/frames.js';

const rate = fc.constantFrom(23.976, 24, 25, 29.97, 30, 50, 59.94, 60, undefined);
const frame = fc.integer({ min: 0, max: 500_000 });

describe('frames at a steady rate', () => {
  it('the start of a frame lies in that frame, at every frame rate', () => {
    fc.assert(
      fc.property(rate, frame, (fps, number) => {
        const clock = steadyFrames(fps);
        expect(clock.frameAt(clock.frameStart(number))).toBe(number);
      }),
    );
  });

  it('stepping forward and back lands on the same microsecond', () => {
    fc.assert(
      fc.property(rate, frame, (fps, number) => {
        const clock = steadyFrames(fps);
        const start = clock.frameStart(number);
        expect(stepFrames(stepFrames(start, 1, clock), -1, clock)).toBe(start);
      }),
    );
  });

  it('snapping is at most half a frame away and does not move what is snapped', () => {
    fc.assert(
      fc.property(rate, fc.integer({ min: 0, max: 7_200_000_000 }), (fps, time) => {
        const clock = steadyFrames(fps);
        const snapped = snapToFrame(time, clock);
        expect(Math.abs(snapped - time)).toBeLessThanOrEqual(0.5e6 / (fps ?? 100) + 1);
        expect(snapToFrame(snapped, clock)).toBe(snapped);
      }),
    );
  });
});

describe('frames of variable rate', () => {
  const lengths = fc.array(fc.integer({ min: 1_000, max: 200_000 }), { minLength: 1, maxLength: 60 });
  const clockOf = (steps: readonly number[]) => {
    const starts: number[] = [];
    let at = 0;
    for (const step of steps) {
      starts.push(at);
      at += step;
    }
    return { starts, end: microseconds(at), clock: listedFrames(Float64Array.from(starts), microseconds(at)) };
  };

  it('every time lies in the frame that begins last before it', () => {
    fc.assert(
      fc.property(lengths, fc.double({ min: 0, max: 0.999, noNaN: true }), (steps, share) => {
        const { starts, end, clock } = clockOf(steps);
        const time = Math.floor(end * share);
        expect(clock.frameAt(time)).toBe(starts.findLastIndex((start) => start <= time));
      }),
    );
  });

  it('stepping goes through every frame once, in both directions, and ends at the end of the recording', () => {
    fc.assert(
      fc.property(lengths, (steps) => {
        const { starts, end, clock } = clockOf(steps);
        let time = microseconds(0);
        const forward = starts.map(() => (time = stepFrames(time, 1, clock)));
        expect(forward).toEqual([...starts.slice(1), end]);
        const back = starts.map(() => (time = stepFrames(time, -1, clock)));
        expect(back).toEqual([...starts].reverse());
        expect(stepFrames(0, -1, clock)).toBe(0);
      }),
    );
  });

  it('snapping finds the nearest boundary, the end of the recording too', () => {
    const { clock } = clockOf([40_000, 120_000, 20_000]);
    expect(snapToFrame(99_000, clock)).toBe(40_000);
    expect(snapToFrame(101_000, clock)).toBe(160_000);
    expect(snapToFrame(175_000, clock)).toBe(180_000);
    expect(frameLength(50_000, clock)).toBe(120_000);
  });

  it('a file without frame times steps by 10 ms', () => {
    expect(stepFrames(0, 1, listedFrames([], microseconds(1_000_000)))).toBe(10_000);
  });
});
