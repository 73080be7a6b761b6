import type { Modality } from '../../core/recording/modality.js';

/** One entry of a legend: what is drawn, and what it means. */
export interface LegendKey {
  readonly words: string;
  readonly stroke?: string;
  readonly width?: number;
  readonly dash?: string;
  /** Colour of an area under the line. */
  readonly area?: string;
  /** Hatched area with dashed edges, in the colour of `stroke`. */
  readonly hatched?: boolean;
  /** Dotted box around nothing. */
  readonly gap?: boolean;
  /** Upright tick, open circle, open box. */
  readonly mark?: 'tick' | 'circle' | 'box';
}

const MEASURED: LegendKey = { words: 'measured', stroke: 'var(--ink)', width: 2 };

export const measuredKeys = (gap: string): readonly LegendKey[] => [MEASURED, { words: `no value: ${gap}`, gap: true }];

export function recoveredKeys(modality: Modality, samples: boolean): readonly LegendKey[] {
  const stroke = `var(--${modality})`;
  if (samples) return [{ words: 'recovered, single samples', stroke, width: 0.9, dash: '6 3' }];
  return [
    { words: 'recovered, mean of the samples', stroke, width: 2, dash: '6 3' },
    { words: 'recovered, 90 % band', stroke, hatched: true },
  ];
}

export const DIFFERENCE_KEYS: readonly LegendKey[] = [
  { words: 'recovered minus measured', stroke: 'var(--ink2)', width: 1.5 },
  { words: 'no value: not comparable', gap: true },
];

export const descriptorKeys = (modality: Modality): readonly LegendKey[] => [
  { ...MEASURED, mark: 'tick' },
  {
    words: 'recovered, mean and 5th to 95th percentile of the samples',
    ...{ stroke: `var(--${modality})`, width: 3, dash: '4 2', mark: 'circle' },
  },
];

export const FACE_KEYS: readonly LegendKey[] = [
  { ...MEASURED, width: 1.5 },
  { words: 'recovered, mean', stroke: 'var(--visual)', width: 1.75, dash: '4 2.2' },
  { words: 'recovered, single samples', stroke: 'var(--visual)', width: 0.9 },
];
