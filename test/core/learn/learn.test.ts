import { describe, expect, it } from 'vitest';
import { applyLearned, type LearnedReadout } from '../../../core/learn/learnedReadout.js';
import { softmax } from '../../../core/statistics/softmax.js';
import { fitLabels, fitScores, fitTemperature, logLoss } from '../../../core/learn/fitReadout.js';
import { foldsOf, groupExamples, type LearnExample, readiness } from '../../../core/learn/learnExamples.js';
import { learnReadout } from '../../../core/learn/learnReadout.js';
import { minimise } from '../../../core/learn/minimise.js';
import { EMOTIONS } from '../../../core/recording/emotion.js';
import { seededUniform } from '../../../core/random/seededNormal.js';

const WIDTH = 6;

/**
 * Labelled segments of a model that always says neutral, while the rater's label and score follow from the first two
 * numbers of the fused representation (`signal` 1) or from nothing (`signal` 0).
 */
function examples(count: number, signal: number, recordings = 1): LearnExample[] {
  const uniform = seededUniform(`learn test ${count} ${signal} ${recordings}`);
  return Array.from({ length: count }, (_, index) => {
    const fused = Array.from({ length: WIDTH }, () => uniform() * 2 - 1);
    const noise = uniform() * 2 - 1;
    const high = signal * (fused[0]! + 0.5 * fused[1]!) + (1 - signal) * noise > 0;
    return {
      recordingId: `rec-${index % recordings}`,
      segmentId: `s${index}`,
      start: index,
      fused,
      probabilities: [0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
      score: 0,
      label: high ? 'anger' : 'neutral',
      raterScore: signal * 2 * fused[0]! + (1 - signal) * noise,
    };
  });
}

function run<T>(work: Generator<number, T>): T {
  let step = work.next();
  while (!step.done) {
    expect(step.value >= 0 && step.value <= 1).toBe(true);
    step = work.next();
  }
  return step.value;
}

const OPTIONS = { seed: 0, intervalLevel: 0.9 };

describe('the minimiser', () => {
  it('finds the minimum of a badly scaled quadratic and of the logistic loss', () => {
    const found = minimise((x, gradient) => {
      gradient[0] = 2_000 * (x[0]! - 3);
      gradient[1] = 0.02 * (x[1]! + 5);
      return 1_000 * (x[0]! - 3) ** 2 + 0.01 * (x[1]! + 5) ** 2;
    }, new Float64Array(2));
    expect(found[0]).toBeCloseTo(3, 5);
    expect(found[1]).toBeCloseTo(-5, 3);
  });

  it('stays where it is when the start is the minimum', () => {
    expect([...minimise((x, g) => (g.set([2 * x[0]!]), x[0]! ** 2), new Float64Array(1))]).toEqual([0]);
  });
});

describe('the fits', () => {
  const rows = examples(40, 1).map((example) => example);
  const z = rows.map(({ fused }) => fused);
  const label = rows.map((row) => EMOTIONS.indexOf(row.label));
  const base = rows.map(({ probabilities }) => probabilities.map(Math.log));

  it('of labels satisfy the first-order condition: the penalised gradient is zero', () => {
    const penalty = 3;
    const { weights, offsets } = fitLabels({ z, label, base }, penalty);
    for (const kind of [0, 3, 5]) {
      let [slope, shift] = [penalty * weights[kind]![0]!, penalty * offsets[kind]!];
      z.forEach((row, index) => {
        const raw = base[index]!.map(
          (b, k) => b + offsets[k]! + row.reduce((sum, v, c) => sum + v * weights[k]![c]!, 0),
        );
        const error = softmax(raw)[kind]! - (label[index] === kind ? 1 : 0);
        slope += error * row[0]!;
        shift += error;
      });
      expect(slope).toBeCloseTo(0, 4);
      expect(shift).toBeCloseTo(0, 4);
    }
  });

  it('of scores are the closed form of ridge regression for one column', () => {
    const x = [-1, 0.5, 2, 3];
    const y = [-2, 1, 3.5, 6.5];
    const { weights, offset } = fitScores(
      x.map((value) => [value]),
      y,
      2,
    );
    const [sxx, sx, n] = [x.reduce((s, v) => s + v * v, 0) + 2, x.reduce((s, v) => s + v, 0), x.length + 2];
    const [sxy, sy] = [x.reduce((s, v, i) => s + v * y[i]!, 0), y.reduce((s, v) => s + v, 0)];
    const determinant = sxx * n - sx * sx;
    expect(weights[0]).toBeCloseTo((sxy * n - sx * sy) / determinant, 5);
    expect(offset).toBeCloseTo((sxx * sy - sx * sxy) / determinant, 5);
  });

  it('with an overwhelming penalty leave the model as it is', () => {
    const { weights, offsets } = fitLabels({ z, label, base }, 1e9);
    expect(Math.max(...weights.flat().map(Math.abs), ...offsets.map(Math.abs))).toBeLessThan(1e-6);
  });

  it('find the temperature that makes overconfident logits calibrated', () => {
    const sure = rows.map((_, index) =>
      EMOTIONS.map((__, kind) => (kind === label[index]! * (index % 4 === 0 ? 0 : 1) ? 6 : 0)),
    );
    const t = fitTemperature(sure, label);
    expect(t).toBeGreaterThan(1);
    expect(logLoss(sure, label, t)).toBeLessThan(logLoss(sure, label, 1));
  });
});

describe('what is enough', () => {
  it('is 20 labelled segments with two labels of five each', () => {
    expect(readiness(Array(19).fill('anger') as 'anger'[]).missing).toContain('1 more labelled segments');
    expect(readiness(Array(30).fill('anger') as 'anger'[]).missing).toContain('2 labels');
    const mixed = [...(Array(15).fill('anger') as 'anger'[]), ...(Array(5).fill('fear') as 'fear'[])];
    expect(readiness(mixed)).toEqual({
      labels: 20,
      counts: [
        { label: 'anger', count: 15 },
        { label: 'fear', count: 5 },
      ],
      missing: '',
    });
  });

  it('leaves out participants, else recordings, else stretches of time together', () => {
    const alone = groupExamples(examples(40, 1));
    expect([alone.by, alone.count]).toEqual(['block', 10]);
    expect(groupExamples(examples(40, 1, 4))).toMatchObject({ by: 'recording', count: 4 });
    const known = examples(40, 1, 4).map((example) => ({
      ...example,
      participant: `P${Number(example.recordingId.at(-1)) % 3}`,
    }));
    expect(groupExamples(known)).toMatchObject({ by: 'participant', count: 3 });
  });

  it('never splits a group over folds', () => {
    const groups = groupExamples(examples(47, 1, 7));
    const { of, folds } = foldsOf(groups);
    expect(folds).toBe(5);
    const pairs = new Set(groups.of.map((group, index) => `${group}/${of[index]}`));
    expect(pairs.size).toBe(groups.count);
  });
});

describe('learning', () => {
  it('finds what is there: held-out labels and scores get better, with intervals that exclude no change', () => {
    const learned = run(learnReadout(examples(120, 1, 6), OPTIONS));
    const [labels, , loss, error] = learned.comparisons;
    expect(labels!.after.value).toBeGreaterThan(labels!.before.value + 0.2);
    expect(labels!.change.low!).toBeGreaterThan(0);
    expect(loss!.change.high!).toBeLessThan(0);
    expect(error!.change.high!).toBeLessThan(0);
    expect(learned.from).toMatchObject({ labels: 120, scores: 120, recordings: 6, groupedBy: 'recording', folds: 5 });
  });

  it('finds nothing where there is nothing: the interval of the change includes none', () => {
    const learned = run(learnReadout(examples(60, 0, 6), OPTIONS));
    const loss = learned.comparisons.find(({ name }) => name === 'Mean error of the score')!;
    expect(loss.change.low! <= 0.05 && loss.change.high! >= -0.05).toBe(true);
    expect(loss.after.value).toBeGreaterThan(0.35);
  });

  it('gives the same read-out for the same labels, and applies it beside the model’s own', () => {
    const [first, second] = [run(learnReadout(examples(60, 1), OPTIONS)), run(learnReadout(examples(60, 1), OPTIONS))];
    expect(second).toEqual(first);
    const readout = { id: 'learned-1', ...first } as unknown as LearnedReadout;
    const model = { probabilities: [0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], score: 0 };
    const high = applyLearned(readout, [1, 1, 0, 0, 0, 0], model)!;
    const low = applyLearned(readout, [-1, -1, 0, 0, 0, 0], model)!;
    expect([high.label, low.label]).toEqual(['anger', 'neutral']);
    expect(high.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1);
    expect(high.score!.value).toBeGreaterThan(low.score!.value);
    expect(high.score!.low <= high.score!.value && high.score!.value <= high.score!.high).toBe(true);
  });

  it('gives nothing where a value is not finite', () => {
    const readout = { id: 'learned-1', ...run(learnReadout(examples(40, 1), OPTIONS)) } as unknown as LearnedReadout;
    expect(
      applyLearned(readout, [Number.NaN, 0, 0, 0, 0, 0], { probabilities: [1, 0, 0, 0, 0, 0, 0], score: 0 }),
    ).toBeUndefined();
  });
});
