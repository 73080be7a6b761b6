import type { Figure, SelfTestPart } from '../../core/selfTest/selfTest.js';
import { FEWEST_FOR_INTERVALS, FEWEST_FOR_VERDICT } from '../../core/selfTest/selfTest.js';
import { count, percent, plain } from '../words.js';
import { patternNames, plainName } from './words.js';

type Format = (value: number) => string;

/** `0.31 (0.20 to 0.44)`; without the brackets where there is no interval. */
export function figureWords({ value, low, high }: Figure, format: Format = plain): string {
  return low === undefined || high === undefined
    ? format(value)
    : `${format(value)} (${format(low)} to ${format(high)})`;
}

/** `Face recovered from words and voice, 11 segments`. */
export function partTitle({ modality, from, n }: SelfTestPart): string {
  const name = plainName(modality);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} recovered from ${patternNames(from)}, ${count(n, 'segment')}`;
}

/** What a part says, one sentence each. */
export function partSentences(part: SelfTestPart, level: number): readonly string[] {
  const { relativeError, scoreChange, scoreChangeDropped, labelStays, labelStaysDropped, scoreCovered } = part;
  const dropped = (figure: Figure | undefined, format?: Format) =>
    figure === undefined ? '' : `; with nothing recovered ${figureWords(figure, format)}`;
  return [
    ...(relativeError === undefined
      ? []
      : [
          `Error ${figureWords(relativeError)} times that of the constant (median over the quantities below): ${constantVerdict(part)}`,
        ]),
    `The score changes by ${figureWords(scoreChange)} points${dropped(scoreChangeDropped)}.`,
    `The label stays in ${figureWords(labelStays, percent)} of segments${dropped(labelStaysDropped, percent)}.`,
    `The ${percent(level)} interval holds the score from everything measured in ${figureWords(scoreCovered, percent)} of segments.`,
  ];
}

function constantVerdict({ relativeError, n }: SelfTestPart): string {
  const { low, high } = relativeError ?? { value: Number.NaN };
  if (n < FEWEST_FOR_VERDICT || low === undefined || high === undefined)
    return 'too few segments to say whether that is better.';
  if (high < 1) return 'better than the constant.';
  return low > 1 ? 'worse than the constant: do not rely on it here.' : 'not distinguishable from the constant.';
}

/** What the number of segments allows to say; empty where there are enough. */
export function caution({ n }: SelfTestPart): string {
  if (n < FEWEST_FOR_INTERVALS) {
    return `Only ${count(n, 'segment')}: too few for intervals. The figures describe ${n === 1 ? 'it' : 'these'} and nothing more.`;
  }
  if (n < FEWEST_FOR_VERDICT) return `Only ${n} segments: read the intervals, not the values.`;
  return '';
}
