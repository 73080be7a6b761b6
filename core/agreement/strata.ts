import { MODALITIES, MODALITY_STATES, type ModalityState, type PerModality } from '../recording/modality.js';
import type { AgreementUnit } from './agreementUnit.js';

/** A part of the material: everything, the clean or the damaged stretches, or one state of one modality. */
export interface Stratum {
  /** `all`, `all_observed`, `any_damaged`, or modality and state, `audio_recovered`. */
  readonly id: string;
  readonly words: string;
  readonly holds: (states: PerModality<ModalityState> | undefined) => boolean;
}

/** Every stratum, whole first. */
export const STRATA: readonly Stratum[] = [
  { id: 'all', words: 'all stretches', holds: () => true },
  {
    id: 'all_observed',
    words: 'clean: every modality observed',
    holds: (states) => states !== undefined && MODALITIES.every((modality) => states[modality] === 'observed'),
  },
  {
    id: 'any_damaged',
    words: 'damaged: a modality degraded, recovered or missing',
    holds: (states) => states !== undefined && MODALITIES.some((modality) => states[modality] !== 'observed'),
  },
  ...MODALITIES.flatMap((modality) =>
    MODALITY_STATES.map((state): Stratum => ({
      id: `${modality}_${state}`,
      words: `${modality} ${state}`,
      holds: (states) => states?.[modality] === state,
    })),
  ),
];

const BY_ID = new Map(STRATA.map((stratum) => [stratum.id, stratum]));

/** The stratum of an id in agreement.csv. @throws RangeError for an unknown one. */
export function stratumOf(id: string): Stratum {
  const stratum = BY_ID.get(id);
  if (!stratum) throw new RangeError(`there is no stratum ${id}`);
  return stratum;
}

/** Strata that are always told once states are known, empty or not: the question is clean against damaged. */
const ALWAYS = new Set(['all', 'all_observed', 'any_damaged']);

/** The strata that these units fall into; only the whole where no state is known. */
export function strataOf(units: readonly AgreementUnit[]): readonly Stratum[] {
  if (!units.some((unit) => unit.states !== undefined)) return STRATA.filter(({ id }) => id === 'all');
  return STRATA.filter(({ id, holds }) => ALWAYS.has(id) || units.some((unit) => holds(unit.states)));
}
