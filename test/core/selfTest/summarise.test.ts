import { describe, expect, it } from 'vitest';
import type { Estimate } from '../../../core/recovery/estimate.js';
import type { SelfTestCase, SelfTestPart } from '../../../core/selfTest/selfTest.js';
import { summariseSelfTest } from '../../../core/selfTest/summarise.js';
import { estimate } from '../fixtures.js';

function scored(value: number, change: Partial<Estimate> = {}): Estimate {
  return estimate({ score: { value, low: value - 0.5, high: value + 0.5 }, ...change });
}

/** Segment `index`: measured value index, recovered with the given error and a band of 1 around it. */
function hiddenFace(index: number, error: number, change: Partial<SelfTestCase> = {}): SelfTestCase {
  const mean = index + error;
  return {
    segmentId: `s${index}`,
    modality: 'visual',
    from: 'TA',
    full: scored(0),
    hidden: scored(0.25),
    descriptors: [
      { measured: index, recovered: { name: 'smile', unit: '0 to 1', mean, low: mean - 0.5, high: mean + 0.5 } },
    ],
    ...change,
  };
}

function run(cases: readonly SelfTestCase[], key = 'k'): SelfTestPart[] {
  const work = summariseSelfTest(cases, key);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

describe('the summary of a self-test', () => {
  it('compares the error with that of the mean of the other segments', () => {
    const [part] = run([0, 1, 2].map((index) => hiddenFace(index, 0.1)));
    const [smile] = part!.descriptors;
    expect(part).toMatchObject({ modality: 'visual', from: 'TA', n: 3 });
    expect(smile?.error.value).toBeCloseTo(0.1);
    // others of 0 are 1 and 2, mean 1.5; of 1: mean 1; of 2: mean 0.5
    expect(smile?.constant.value).toBeCloseTo((1.5 + 0 + 1.5) / 3);
    expect(part?.relativeError).toBeUndefined();
    expect(smile?.covered.value).toBe(1);
  });

  it('compares all quantities at once where there are enough segments, and a median does not care for one of them', () => {
    const cases = [0, 1, 2, 3, 4].map((index) => {
      const item = hiddenFace(index, 0.1);
      const flat = { name: 'still', unit: '0 to 1', mean: 0.5, low: 0, high: 1 };
      const wild = { name: 'wild', unit: '0 to 1', mean: 90, low: 80, high: 100 };
      return {
        ...item,
        descriptors: [
          ...item.descriptors,
          { measured: 0.5, recovered: flat },
          { measured: index, recovered: wild },
          { measured: index, recovered: { ...wild, name: 'half', mean: index + 0.2 } },
        ],
      };
    });
    const [part] = run(cases);
    const constant = part!.descriptors[0]!.constant.value;
    // 'still' never varies and tells nothing; of the others, 0.1, 0.2 and about 88, the middle one counts
    expect(part?.relativeError?.value).toBeCloseTo(0.2 / constant);
  });

  it('says how score and label change, with recovery and without', () => {
    const ablation = { from: 'TA', score: { value: 1, low: 0, high: 2 }, probabilities: [], confidence: 0.5 };
    const cases = [0, 1, 2, 3].map((index) =>
      hiddenFace(index, 2, {
        full: scored(0, { label: 'sadness' }),
        hidden: scored(index === 0 ? 0.75 : 0.25, {
          label: index < 3 ? 'sadness' : 'anger',
          ablations: { recovery: { ...ablation, label: 'fear' } },
        }),
      }),
    );
    const [part] = run(cases);
    expect(part?.scoreChange.value).toBeCloseTo(0.375);
    expect(part?.scoreChangeDropped?.value).toBe(1);
    expect(part?.labelStays.value).toBe(0.75);
    expect(part?.labelStaysDropped?.value).toBe(0);
    expect(part?.scoreCovered.value).toBe(0.75);
    expect(part?.descriptors[0]?.covered.value).toBe(0);
  });

  it('keeps apart what was recovered from different modalities', () => {
    const parts = run([
      hiddenFace(0, 0, { from: 'A' }),
      hiddenFace(1, 0),
      hiddenFace(2, 0),
      hiddenFace(3, 0, { modality: 'text', from: 'AV', descriptors: [] }),
    ]);
    expect(parts.map(({ modality, from, n }) => [modality, from, n])).toEqual([
      ['text', 'AV', 1],
      ['visual', 'TA', 2],
      ['visual', 'A', 1],
    ]);
  });

  it('gives no interval and no comparison where there are too few segments', () => {
    const [part] = run([hiddenFace(0, 0.1)]);
    expect(part?.scoreChange).toEqual({ value: 0.25 });
    expect(part?.descriptors).toEqual([]);
    expect(part?.relativeError).toBeUndefined();
  });

  it('gives the same intervals for the same cases and key, around the value', () => {
    const cases = Array.from({ length: 30 }, (_, index) => hiddenFace(index, (index % 3) / 10));
    const [part] = run(cases);
    const error = part!.descriptors[0]!.error;
    expect(error.low).toBeLessThan(error.value);
    expect(error.high).toBeGreaterThan(error.value);
    expect(run(cases)).toEqual([part]);
    expect(run(cases, 'other')).not.toEqual([part]);
  });

  it('takes a quantity that was not measured in a segment as missing, not as zero', () => {
    const cases = [hiddenFace(10, 1), hiddenFace(12, 1), hiddenFace(14, 1, { descriptors: [] })];
    const [smile] = run(cases)[0]!.descriptors;
    expect(smile).toMatchObject({ n: 2, error: { value: 1 }, constant: { value: 2 } });
  });
});
