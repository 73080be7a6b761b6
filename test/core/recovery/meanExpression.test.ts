import { describe, expect, it } from 'vitest';
import { meanExpression } from '../../../core/recovery/meanExpression.js';
import { range, visualTrack } from '../fixtures.js';

/** Happiness 0.8 in the first second, 0.4 in the second, unreadable in the third. */
const track = visualTrack(4, (time, frame, made) => {
  const happy = time < 1 ? 0.8 : 0.4;
  made.expression.fill(time >= 2 && time < 3 ? Number.NaN : (1 - happy) / 6, frame * 7, frame * 7 + 7);
  if (!(time >= 2 && time < 3)) made.expression[frame * 7 + 1] = happy;
});

describe('the mean expression', () => {
  it('is the mean posterior of the readable frames in the ranges, whatever the features of the bundle are', () => {
    const means = meanExpression(track, [range(0, 2.8)])!;
    expect(means[1]).toBeCloseTo(0.6, 6);
    expect(means.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
    expect(meanExpression(track, [range(0.2, 0.8), range(1.2, 1.4)])![1]).toBeCloseTo(0.7, 6);
  });

  it('is undefined where no frame is readable', () => {
    expect(meanExpression(track, [range(2, 3)])).toBeUndefined();
    expect(meanExpression(track, [])).toBeUndefined();
  });
});
