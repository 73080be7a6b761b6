/** Learns a read-out from labelled segments and says, by cross-validation, what it changes. */
import { EMOTIONS } from '../recording/emotion.js';
import {
  baseOf,
  correctedLogits,
  fitLabels,
  fitScores,
  fitTemperature,
  type LabelFit,
  logLoss,
  type ScoreFit,
  scoreOf,
  standardiser,
} from './fitReadout.js';
import { FEWEST_LABELS, foldsOf, groupExamples, type LearnExample } from './learnExamples.js';
import { compareLabels, compareScores } from './compareReadouts.js';
import { type Comparison, type LearnedProvenance, type LearnedReadout, standardise } from './learnedReadout.js';

/** Ridge penalties that are tried; the largest leaves next to nothing of the correction. */
const PENALTIES = [3, 10, 30, 100, 300, 1_000, 3_000] as const;
/** Folds within a training set, by which its penalty and temperature are chosen. */
const INNER_FOLDS = 3;

interface Standardisation {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

interface TrainedLabels extends Standardisation {
  readonly fit: LabelFit;
  readonly penalty: number;
  readonly temperature: number;
}

interface TrainedScores extends Standardisation {
  readonly fit: ScoreFit;
  readonly penalty: number;
}

const pick = <T>(items: readonly T[], indexes: readonly number[]): T[] => indexes.map((index) => items[index] as T);

function indexesOf(folds: readonly number[], test: (fold: number) => boolean): number[] {
  return folds.flatMap((fold, index) => (test(fold) ? [index] : []));
}

function rowsOf(examples: readonly LearnExample[], by: Standardisation) {
  return {
    z: examples.map(({ fused }) => standardise(by, fused)),
    label: examples.map(({ label }) => EMOTIONS.indexOf(label)),
    base: examples.map(({ probabilities }) => baseOf(probabilities)),
  };
}

function fitLabelsOn(examples: readonly LearnExample[], penalty: number) {
  const by = standardiser(examples.map(({ fused }) => fused));
  return { ...by, fit: fitLabels(rowsOf(examples, by), penalty) };
}

function labelLogits(
  trained: Standardisation & { readonly fit: LabelFit },
  examples: readonly LearnExample[],
): number[][] {
  const { z, base } = rowsOf(examples, trained);
  return z.map((row, index) => correctedLogits(trained.fit, base[index] ?? [], row));
}

/** Fits with the penalty and the temperature that held-out groups of the same examples like best. */
function* trainLabels(examples: readonly LearnExample[], groups: readonly number[]): Generator<void, TrainedLabels> {
  const { of: folds, folds: count } = foldsOf({ of: groups, count: 0 }, INNER_FOLDS);
  const labels = examples.map(({ label }) => EMOTIONS.indexOf(label));
  let best = { loss: Infinity, penalty: PENALTIES[0] as number, held: [] as number[][] };
  for (const penalty of PENALTIES) {
    const held: number[][] = [];
    for (let fold = 0; fold < count; fold++) {
      const [train, test] = [indexesOf(folds, (f) => f !== fold), indexesOf(folds, (f) => f === fold)];
      const trained = fitLabelsOn(pick(examples, train), penalty);
      labelLogits(trained, pick(examples, test)).forEach((row, index) => (held[test[index] ?? 0] = row));
      yield;
    }
    const loss = logLoss(held, labels);
    if (loss < best.loss) best = { loss, penalty, held };
  }
  const temperature = fitTemperature(best.held, labels);
  return { ...fitLabelsOn(examples, best.penalty), penalty: best.penalty, temperature };
}

const differencesOf = (examples: readonly LearnExample[]): number[] =>
  examples.map(({ raterScore, score }) => (raterScore ?? Number.NaN) - score);

function fitScoresOn(
  examples: readonly LearnExample[],
  penalty: number,
  by: Standardisation = standardiser(examples.map(({ fused }) => fused)),
): Standardisation & { readonly fit: ScoreFit } {
  return { ...by, fit: fitScores(rowsOf(examples, by).z, differencesOf(examples), penalty) };
}

function scoresOf(trained: Standardisation & { readonly fit: ScoreFit }, examples: readonly LearnExample[]): number[] {
  return rowsOf(examples, trained).z.map((row, index) =>
    scoreOf(trained.fit, examples[index]?.score ?? Number.NaN, row),
  );
}

function* trainScores(
  examples: readonly LearnExample[],
  groups: readonly number[],
  by?: Standardisation,
): Generator<void, TrainedScores> {
  const { of: folds, folds: count } = foldsOf({ of: groups, count: 0 }, INNER_FOLDS);
  let best = { loss: Infinity, penalty: PENALTIES[0] as number };
  for (const penalty of PENALTIES) {
    let loss = 0;
    for (let fold = 0; fold < count; fold++) {
      const [train, test] = [indexesOf(folds, (f) => f !== fold), indexesOf(folds, (f) => f === fold)];
      const held = pick(examples, test);
      const values = scoresOf(fitScoresOn(pick(examples, train), penalty), held);
      loss += values.reduce((sum, value, index) => sum + (value - (held[index]?.raterScore ?? Number.NaN)) ** 2, 0);
      yield;
    }
    if (loss < best.loss) best = { loss, penalty };
  }
  return { ...fitScoresOn(examples, best.penalty, by), penalty: best.penalty };
}

/** Split-conformal half width: the quantile of held-out errors that holds the level for one more segment. */
function halfWidthOf(errors: readonly number[], level: number): number {
  const sorted = errors.map(Math.abs).sort((a, b) => a - b);
  const rank = Math.min(sorted.length, Math.ceil((sorted.length + 1) * level));
  return sorted[rank - 1] ?? Number.NaN;
}

export interface LearnOptions {
  readonly seed: number;
  /** Nominal level of score intervals. */
  readonly intervalLevel: number;
}

/** A learned read-out before the host has named and dated it. */
export type Learned = Omit<LearnedReadout, 'id' | 'from'> & {
  readonly from: Pick<
    LearnedProvenance,
    'seed' | 'labels' | 'scores' | 'recordings' | 'recordingIds' | 'groupedBy' | 'groups' | 'folds'
  >;
};

const short = (value: number): number => Number(value.toPrecision(6));

/** Counts finished parts and tells the done share between fits. */
class Parts {
  private done = 0;
  private readonly all: number;

  constructor(all: number) {
    this.all = all;
  }

  *run<T>(part: Generator<void, T>): Generator<number, T> {
    for (let step = part.next(); ; step = part.next()) {
      if (step.done) {
        this.done += 1;
        return step.value;
      }
      yield this.done / this.all;
    }
  }
}

interface Sample {
  readonly examples: readonly LearnExample[];
  readonly groups: readonly number[];
  readonly folds: readonly number[];
  readonly foldCount: number;
  readonly parts: Parts;
}

/** Logits of every example by a read-out that saw nothing of its fold. */
function* heldOutLogits({ examples, groups, folds, foldCount, parts }: Sample): Generator<number, number[][]> {
  const held: number[][] = [];
  for (let fold = 0; fold < foldCount; fold++) {
    const [train, test] = [indexesOf(folds, (f) => f !== fold), indexesOf(folds, (f) => f === fold)];
    const trained = yield* parts.run(trainLabels(pick(examples, train), pick(groups, train)));
    labelLogits(trained, pick(examples, test)).forEach((row, index) => {
      held[test[index] ?? 0] = row.map((value) => value / trained.temperature);
    });
  }
  return held;
}

function* heldOutScores({ examples, groups, folds, foldCount, parts }: Sample): Generator<number, number[]> {
  const held: number[] = [];
  for (let fold = 0; fold < foldCount; fold++) {
    const [train, test] = [indexesOf(folds, (f) => f !== fold), indexesOf(folds, (f) => f === fold)];
    const trained = yield* parts.run(trainScores(pick(examples, train), pick(groups, train)));
    scoresOf(trained, pick(examples, test)).forEach((value, index) => (held[test[index] ?? 0] = value));
  }
  return held;
}

/**
 * Learns from examples that are enough (`readiness`). Every group is predicted by a read-out that never saw it, penalty and
 * temperature included; what is kept is then learned from all examples. Yields between fits with the done share.
 */
export function* learnReadout(
  examples: readonly LearnExample[],
  options: LearnOptions,
): Generator<number, Learned, void> {
  const groups = groupExamples(examples);
  const scored = examples.flatMap((example, index) => (example.raterScore === undefined ? [] : [index]));
  const withScores = scored.length >= FEWEST_LABELS && new Set(pick(groups.of, scored)).size > 1;
  const { of: folds, folds: foldCount } = foldsOf(groups);
  const parts = new Parts((foldCount + 1) * (withScores ? 2 : 1));
  const sample: Sample = { examples, groups: groups.of, folds, foldCount, parts };
  const held = yield* heldOutLogits(sample);
  const labels = yield* parts.run(trainLabels(examples, groups.of));
  const comparisons: Comparison[] = compareLabels({ examples, groups: groups.of, seed: options.seed }, held);
  let score: LearnedReadout['score'];
  if (withScores) {
    const own = pick(examples, scored);
    const ownGroups = pick(groups.of, scored);
    const { of, folds: count } = foldsOf({ of: ownGroups, count: 0 });
    const values = yield* heldOutScores({ examples: own, groups: ownGroups, folds: of, foldCount: count, parts });
    const trained = yield* parts.run(trainScores(own, ownGroups, labels));
    const errors = values.map((value, index) => value - (own[index]?.raterScore ?? Number.NaN));
    comparisons.push(...compareScores({ examples: own, groups: ownGroups, seed: options.seed }, values));
    score = {
      penalty: trained.penalty,
      weights: trained.fit.weights.map(short),
      offset: short(trained.fit.offset),
      halfWidth: short(halfWidthOf(errors, options.intervalLevel)),
    };
  }
  const recordingIds = [...new Set(examples.map(({ recordingId }) => recordingId))].sort();
  return {
    from: {
      seed: options.seed,
      labels: examples.length,
      scores: scored.length,
      recordings: recordingIds.length,
      recordingIds,
      groupedBy: groups.by,
      groups: groups.count,
      folds: foldCount,
    },
    mean: labels.mean.map(short),
    scale: labels.scale.map(short),
    penalty: labels.penalty,
    weights: labels.fit.weights.map((row) => row.map(short)),
    offsets: labels.fit.offsets.map(short),
    temperature: short(labels.temperature),
    ...(score === undefined ? {} : { score }),
    comparisons,
  };
}
