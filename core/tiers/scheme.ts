import { EMOTIONS } from '../recording/emotion.js';

/** Colours that a value can have; each has a pattern of its own, so that colour never stands alone. */
export const SCHEME_COLOURS = ['blue', 'orange', 'green', 'purple', 'yellow', 'pink', 'sky', 'grey'] as const;
export type SchemeColour = (typeof SCHEME_COLOURS)[number];

/** One value of a controlled vocabulary. */
export interface SchemeValue {
  /** Unique within the scheme; what an annotation holds. */
  readonly value: string;
  /** Physical key (`KeyH`, `Digit1`) that gives this value while a tier of the scheme is active; unique within the scheme. */
  readonly key?: string;
  readonly colour: SchemeColour;
  /** One or two letters drawn with the colour. */
  readonly letter: string;
  /** What counts as this value; for coders and the codebook. */
  readonly description?: string;
}

/** A controlled vocabulary that people code with. */
export interface Scheme {
  readonly id: string;
  readonly name: string;
  readonly values: readonly SchemeValue[];
  /** Coders cannot change a locked scheme; unlocking it is logged. */
  readonly locked?: true;
}

/** One logged change of a scheme that was locked at some time. */
export interface SchemeChange {
  readonly schemeId: string;
  /** ISO 8601 UTC. */
  readonly utc: string;
  readonly raterId: string;
  /** What was done, in words. */
  readonly what: string;
}

/** Most schemes of one recording beside the built-in one. */
export const MOST_SCHEMES = 40;
/** Most values of one scheme. */
export const MOST_VALUES = 40;
/** Longest value or name of a scheme, characters. */
export const LONGEST_NAME = 80;

/** Colour and key that the value at `index` of a new scheme starts with. */
export function firstLook(index: number): Pick<SchemeValue, 'colour' | 'key'> {
  const colour = SCHEME_COLOURS[index % SCHEME_COLOURS.length] ?? 'grey';
  return index < 9 ? { colour, key: `Digit${index + 1}` } : { colour };
}

/** The first letters of a value, upper case: what is drawn where its words do not fit. */
export function letterOf(value: string): string {
  const words = value.trim().split(/[\s_-]+/);
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => word.charAt(0)) : [value.trim().charAt(0)];
  return letters.join('').toUpperCase() || '?';
}

/** The emotion labels as a scheme; built in, never changed. */
export const EMOTION_SCHEME: Scheme = {
  id: 'emotion',
  name: 'Emotion',
  values: EMOTIONS.map((value, index) => ({ value, ...firstLook(index), letter: value.slice(0, 2).toUpperCase() })),
  locked: true,
};
