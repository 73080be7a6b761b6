import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameAt, frameStart, snapToFrame, stepFrames } from '../../renderer/document/frames.js';

const rate = fc.constantFrom(23.976, 24, 25, 29.97, 30, 50, 59.94, 60, undefined);
const frame = fc.integer({ min: 0, max: 500_000 });

describe('frames', () => {
  it('the start of a frame lies in that frame, at every frame rate', () => {
    fc.assert(
      fc.property(rate, frame, (fps, number) => {
        expect(frameAt(frameStart(number, fps), fps)).toBe(number);
      }),
    );
  });

  it('stepping forward and back lands on the same microsecond', () => {
    fc.assert(
      fc.property(rate, frame, (fps, number) => {
        const start = frameStart(number, fps);
        expect(stepFrames(stepFrames(start, 1, fps), -1, fps)).toBe(start);
      }),
    );
  });

  it('snapping is at most half a frame away and does not move what is snapped', () => {
    fc.assert(
      fc.property(rate, fc.integer({ min: 0, max: 7_200_000_000 }), (fps, time) => {
        const snapped = snapToFrame(time, fps);
        expect(Math.abs(snapped - time)).toBeLessThanOrEqual(0.5e6 / (fps ?? 100) + 1);
        expect(snapToFrame(snapped, fps)).toBe(snapped);
      }),
    );
  });
});
