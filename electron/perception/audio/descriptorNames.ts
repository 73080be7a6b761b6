/** A low-level descriptor: stable name and unit (`1` for dimensionless). */
export interface Descriptor {
  readonly name: string;
  readonly unit: string;
}

const MFCC_COUNT = 12;
const FORMANT_COUNT = 3;

function numbered(count: number, make: (index: number) => Descriptor): Descriptor[] {
  return Array.from({ length: count }, (_, index) => make(index + 1));
}

/**
 * The low-level descriptors of every 10 ms, in column order. Definitions follow the eGeMAPS (F. Eyben et al., "The
 * Geneva Minimalistic Acoustic Parameter Set", IEEE Trans. Affective Computing 7(2), 2016) unless their code says else.
 */
export const DESCRIPTORS = [
  { name: 'f0', unit: 'semitones re 27.5 Hz' },
  { name: 'clarity', unit: '1' },
  { name: 'jitter_local', unit: '1' },
  { name: 'shimmer_local', unit: 'dB' },
  { name: 'hnr', unit: 'dB' },
  ...numbered(FORMANT_COUNT, (i) => ({ name: `formant${i}_frequency`, unit: 'Hz' })),
  ...numbered(FORMANT_COUNT, (i) => ({ name: `formant${i}_bandwidth`, unit: 'Hz' })),
  { name: 'loudness', unit: 'auditory units' },
  { name: 'spectral_flux', unit: '1' },
  { name: 'alpha_ratio', unit: 'dB' },
  { name: 'hammarberg_index', unit: 'dB' },
  { name: 'slope_0_500', unit: 'dB/kHz' },
  { name: 'slope_500_1500', unit: 'dB/kHz' },
  { name: 'spectral_centroid', unit: 'Hz' },
  ...numbered(MFCC_COUNT, (i) => ({ name: `mfcc${i}`, unit: '1' })),
] as const satisfies readonly Descriptor[];

/** Number of low-level descriptors per row. */
export const DESCRIPTOR_COUNT = DESCRIPTORS.length;

/** Column names with units as they stand in a track: `f0[semitones re 27.5 Hz]`. */
export const DESCRIPTOR_NAMES: readonly string[] = DESCRIPTORS.map(({ name, unit }) => `${name}[${unit}]`);

/**
 * Column of a descriptor by its name without unit.
 * @throws RangeError for a name that is not a descriptor.
 */
export function descriptorColumn(name: string): number {
  const column = DESCRIPTORS.findIndex((descriptor) => descriptor.name === name);
  if (column < 0) throw new RangeError(`no acoustic descriptor is called "${name}"`);
  return column;
}

/** Columns defined in voiced rows only. */
export const VOICED_COLUMNS: ReadonlySet<number> = new Set(
  DESCRIPTORS.flatMap(({ name }, column) =>
    /^(f0|jitter_local|shimmer_local|hnr|formant\d_\w+)$/.test(name) ? [column] : [],
  ),
);
