/** Fits of the two read-outs: ridge-penalised correction of the model's logits and of its score. */
import { EMOTIONS } from '../recording/emotion.js';
import { softmax } from '../statistics/softmax.js';
import { logits } from './learnedReadout.js';
import { minimise } from './minimise.js';

/** Standardised examples, one row each. */
export interface Rows {
  readonly z: readonly (readonly number[])[];
  /** Index of the label in EMOTIONS. */
  readonly label: readonly number[];
  /** The model's logits, the start of the correction. */
  readonly base: readonly (readonly number[])[];
}

export interface LabelFit {
  readonly weights: readonly (readonly number[])[];
  readonly offsets: readonly number[];
}

const KINDS = EMOTIONS.length;

/** Means and standard deviations of each column; a constant column gets 1, so that it is taken out. */
export function standardiser(rows: readonly (readonly number[])[]): {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
} {
  const width = rows[0]?.length ?? 0;
  const mean = Array.from({ length: width }, (_, column) => {
    return rows.reduce((sum, row) => sum + (row[column] ?? Number.NaN), 0) / rows.length;
  });
  const scale = mean.map((centre, column) => {
    const variance = rows.reduce((sum, row) => sum + ((row[column] ?? Number.NaN) - centre) ** 2, 0) / rows.length;
    return variance > 1e-12 ? Math.sqrt(variance) : 1;
  });
  return { mean, scale };
}

/** Adds W z + b to the model's logits. */
export function correctedLogits(
  { weights, offsets }: LabelFit,
  base: readonly number[],
  z: readonly number[],
): number[] {
  return base.map((logit, kind) => {
    const row = weights[kind] ?? [];
    let sum = logit + (offsets[kind] ?? 0);
    for (let column = 0; column < z.length; column++) sum += (row[column] ?? 0) * (z[column] ?? 0);
    return sum;
  });
}

/**
 * Multinomial logistic regression with the model's logits as offset: the sum of negative log likelihoods plus
 * penalty / 2 times the squares of all weights and offsets is as small as it can be.
 */
export function fitLabels({ z, label, base }: Rows, penalty: number): LabelFit {
  const width = z[0]?.length ?? 0;
  const stride = width + 1;
  const solution = minimise(
    (point, gradient) => {
      let value = 0;
      for (let i = 0; i < point.length; i++) {
        value += (penalty / 2) * (point[i] ?? 0) ** 2;
        gradient[i] = penalty * (point[i] ?? 0);
      }
      z.forEach((row, example) => {
        const values = (base[example] ?? []).map((logit, kind) => {
          let sum = logit + (point[kind * stride + width] ?? 0);
          for (let column = 0; column < width; column++)
            sum += (point[kind * stride + column] ?? 0) * (row[column] ?? 0);
          return sum;
        });
        const p = softmax(values);
        value -= Math.log(Math.max(1e-300, p[label[example] ?? 0] ?? 0));
        for (let kind = 0; kind < KINDS; kind++) {
          const error = (p[kind] ?? 0) - (label[example] === kind ? 1 : 0);
          const at = kind * stride;
          for (let column = 0; column < width; column++) {
            gradient[at + column] = (gradient[at + column] ?? 0) + error * (row[column] ?? 0);
          }
          gradient[at + width] = (gradient[at + width] ?? 0) + error;
        }
      });
      return value;
    },
    new Float64Array(KINDS * stride),
  );
  const weights = EMOTIONS.map((_, kind) => [...solution.subarray(kind * stride, kind * stride + width)]);
  return { weights, offsets: EMOTIONS.map((_, kind) => solution[kind * stride + width] ?? 0) };
}

export interface ScoreFit {
  readonly weights: readonly number[];
  readonly offset: number;
}

/** Ridge regression of what the rater's score differs from the model's; the offset is penalised, too. */
export function fitScores(z: readonly (readonly number[])[], difference: readonly number[], penalty: number): ScoreFit {
  const width = z[0]?.length ?? 0;
  const solution = minimise(
    (point, gradient) => {
      let value = 0;
      for (let i = 0; i <= width; i++) {
        value += (penalty / 2) * (point[i] ?? 0) ** 2;
        gradient[i] = penalty * (point[i] ?? 0);
      }
      z.forEach((row, example) => {
        let error = (point[width] ?? 0) - (difference[example] ?? 0);
        for (let column = 0; column < width; column++) error += (point[column] ?? 0) * (row[column] ?? 0);
        value += error ** 2 / 2;
        for (let column = 0; column < width; column++)
          gradient[column] = (gradient[column] ?? 0) + error * (row[column] ?? 0);
        gradient[width] = (gradient[width] ?? 0) + error;
      });
      return value;
    },
    new Float64Array(width + 1),
  );
  return { weights: [...solution.subarray(0, width)], offset: solution[width] ?? 0 };
}

export function scoreOf({ weights, offset }: ScoreFit, model: number, z: readonly number[]): number {
  let sum = model + offset;
  for (let column = 0; column < z.length; column++) sum += (weights[column] ?? 0) * (z[column] ?? 0);
  return Math.min(3, Math.max(-3, sum));
}

/** Mean negative log likelihood of labels under logits at a temperature. */
export function logLoss(values: readonly (readonly number[])[], label: readonly number[], temperature = 1): number {
  const sum = values.reduce((total, row, example) => {
    const p = softmax(row, temperature);
    return total - Math.log(Math.max(1e-300, p[label[example] ?? 0] ?? 0));
  }, 0);
  return sum / values.length;
}

/** Temperature from 0.5 to 4 that makes held-out labels likeliest (golden section; the loss has one minimum in 1/T). */
export function fitTemperature(values: readonly (readonly number[])[], label: readonly number[]): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.5), Math.log(4)];
  for (let step = 0; step < 40; step++) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (logLoss(values, label, Math.exp(a)) < logLoss(values, label, Math.exp(b))) high = b;
    else low = a;
  }
  return Math.exp((low + high) / 2);
}

/** Logits of the model's probabilities as the base of a correction. */
export const baseOf = logits;
