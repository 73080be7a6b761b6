/** The model's own read-out beside the learned one, on segments that the learned one did not see. */
import { intervalsOf } from '../agreement/bootstrap.js';
import { EMOTIONS } from '../recording/emotion.js';
import type { LearnExample } from './learnExamples.js';
import { runNow } from '../runNow.js';
import { softmax } from '../statistics/softmax.js';
import type { Bounded, Comparison } from './learnedReadout.js';

const DRAWS = 1_000;

/** Examples with the group that each is drawn with. */
export interface Compared {
  readonly examples: readonly LearnExample[];
  readonly groups: readonly number[];
  readonly seed: number;
}

/** A statistic of weighted examples; NaN where it is not defined. */
type Statistic = (weights: readonly number[]) => number;

interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly larger: boolean;
  readonly before: Statistic;
  readonly after: Statistic;
}

/** Values with percentile intervals over draws of whole groups; one sequence of draws for all figures. */
function compare({ examples, groups, seed }: Compared, figures: readonly Figure[]): Comparison[] {
  const known = [...new Set(groups)];
  const classOf = Uint32Array.from(known, (_, index) => index);
  const of = groups.map((group) => known.indexOf(group));
  const all = (weights: readonly number[]) =>
    figures.flatMap(({ before, after }) => {
      const [was, is] = [before(weights), after(weights)];
      return [was, is, is - was];
    });
  const values = all(examples.map(() => 1));
  const intervals = runNow(
    intervalsOf({ classOf, classes: known.length }, { draws: DRAWS, key: `learn/${seed}` }, (drawn) =>
      all(of.map((group) => drawn[group] ?? 0)),
    ),
  );
  const bounded = (place: number): Bounded => {
    const interval = intervals[place];
    const value = values[place] ?? Number.NaN;
    return interval && 'low' in interval ? { value, low: interval.low, high: interval.high } : { value };
  };
  return figures.map(({ name, unit, larger }, index) => ({
    ...{ name, unit, larger },
    before: bounded(index * 3),
    after: bounded(index * 3 + 1),
    change: bounded(index * 3 + 2),
  }));
}

const weighted =
  (values: readonly number[]): Statistic =>
  (weights) => {
    let [sum, total] = [0, 0];
    values.forEach((value, index) => {
      sum += value * (weights[index] ?? 0);
      total += weights[index] ?? 0;
    });
    return total > 0 ? sum / total : Number.NaN;
  };

/** Mean over the labels that were given of the share found of each. */
function meanRecall(right: readonly number[], label: readonly number[]): Statistic {
  return (weights) => {
    const shares = EMOTIONS.flatMap((_, kind) => {
      const own = weights.map((weight, index) => (label[index] === kind ? weight : 0));
      const share = weighted(right)(own);
      return Number.isNaN(share) ? [] : [share];
    });
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
  };
}

const isRight = (p: readonly number[], label: number): number => (p.indexOf(Math.max(...p)) === label ? 1 : 0);
const loss = (p: readonly number[], label: number): number => -Math.log(Math.max(1e-6, p[label] ?? 0));

/** @param held logits of each example by a read-out that did not see it, temperature applied. */
export function compareLabels(compared: Compared, held: readonly (readonly number[])[]): Comparison[] {
  const label = compared.examples.map((example) => EMOTIONS.indexOf(example.label));
  const before = compared.examples.map(({ probabilities }) => probabilities);
  const after = held.map((row) => softmax(row));
  const of = (measure: (p: readonly number[], kind: number) => number, list: readonly (readonly number[])[]) =>
    list.map((p, index) => measure(p, label[index] ?? 0));
  const [rightBefore, rightAfter] = [of(isRight, before), of(isRight, after)];
  return compare(compared, [
    {
      ...{ name: 'Labels as the rater gave them', unit: 'share of segments', larger: true },
      ...{ before: weighted(rightBefore), after: weighted(rightAfter) },
    },
    {
      ...{ name: 'Mean recall over labels', unit: 'share', larger: true },
      ...{ before: meanRecall(rightBefore, label), after: meanRecall(rightAfter, label) },
    },
    {
      ...{ name: 'Log loss', unit: 'nats', larger: false },
      ...{ before: weighted(of(loss, before)), after: weighted(of(loss, after)) },
    },
  ]);
}

/** @param held score of each example by a read-out that did not see it. */
export function compareScores(compared: Compared, held: readonly number[]): Comparison[] {
  const errors = (values: readonly number[]) =>
    values.map((value, index) => Math.abs(value - (compared.examples[index]?.raterScore ?? Number.NaN)));
  const model = compared.examples.map(({ score }) => score);
  return compare(compared, [
    {
      ...{ name: 'Mean error of the score', unit: 'sentiment points', larger: false },
      ...{ before: weighted(errors(model)), after: weighted(errors(held)) },
    },
  ]);
}
