import type { Ablation, AblationName } from '../../core/recovery/estimate.js';
import { MODALITIES, patternOf } from '../../core/recording/modality.js';
import type { BundleManifest } from './bundleSchema.js';
import { calibrated } from './calibrated.js';
import type { Graphs } from './graphs.js';

/** Read-out of one segment with less put in. */
export interface LessOutput {
  readonly name: AblationName;
  /** Whether each modality went in, T, A, V. */
  readonly present: readonly number[];
  readonly logits: Float32Array;
  readonly score: number;
}

/** What is left out of a segment, one entry per read-out; nothing where nothing measured would be left. */
function plan(available: readonly number[], recovers: boolean): readonly Pick<LessOutput, 'name' | 'present'>[] {
  const measured = available.filter((value) => value > 0).length;
  const names: Pick<LessOutput, 'name' | 'present'>[] = [];
  if (recovers) names.push({ name: 'recovery', present: available });
  MODALITIES.forEach((name, place) => {
    const isMeasured = available[place] === 1;
    // A recovered modality that is left out leaves the measured ones: the same read-out as without recovery.
    if (!isMeasured && recovers) names.push({ name, present: available });
    if (isMeasured && measured > 1) {
      names.push({ name, present: available.map((value, other) => (other === place ? 0 : value)) });
    }
  });
  return names;
}

/**
 * Reads every segment of a batch out again with less: without what was recovered, and without each modality. Only
 * measured modalities go in, because a recovered one still holds what it was recovered from. One run of one graph.
 * @param encoded latents of the batch, row by row.
 * @param available three numbers per segment, 1 where the modality was measured.
 */
export async function readLess(
  graphs: Graphs,
  encoded: Float32Array,
  available: Float32Array,
  recovers: boolean,
): Promise<readonly (readonly LessOutput[])[]> {
  const segments = available.length / 3;
  const plans = Array.from({ length: segments }, (_, index) =>
    plan([...available.subarray(index * 3, index * 3 + 3)], recovers),
  );
  const size = graphs.latentSize;
  const rows = plans.flatMap((names, index) => distinct(names).map((present) => ({ index, present })));
  if (rows.length === 0) return plans.map(() => []);
  const latents = new Float32Array(rows.length * size);
  rows.forEach(({ index }, row) => {
    latents.set(encoded.subarray(index * size, (index + 1) * size), row * size);
  });
  const present = Float32Array.from(rows.flatMap((row) => row.present));
  const readout = await graphs.readout(rows.length, latents, present, new Float32Array(present.length));
  const classes = readout.logits.length / rows.length;
  return plans.map((names, index) =>
    names.map(({ name, present: mask }) => {
      const row = rows.findIndex((candidate) => candidate.index === index && same(candidate.present, mask));
      return {
        name,
        present: mask,
        logits: readout.logits.subarray(row * classes, (row + 1) * classes),
        score: readout.score[row] ?? Number.NaN,
      };
    }),
  );
}

/** Calibrated read-outs with less put in; undefined where one is not finite. */
export function ablationsOf(
  manifest: BundleManifest,
  outputs: readonly LessOutput[],
): Partial<Record<AblationName, Ablation>> | undefined {
  const ablations: Partial<Record<AblationName, Ablation>> = {};
  for (const { name, present, logits, score } of outputs) {
    if (!Number.isFinite(score) || !logits.every(Number.isFinite)) return undefined;
    const [text, audio, visual] = present.map((value) => value === 1);
    const from = patternOf({ text: text === true, audio: audio === true, visual: visual === true });
    const { score: interval, probabilities, label, confidence } = calibrated(manifest, from, [logits], [score]);
    ablations[name] = { from, score: interval, probabilities, label, confidence };
  }
  return ablations;
}

const same = (a: readonly number[], b: readonly number[]): boolean => a.every((value, place) => value === b[place]);

function distinct(names: readonly Pick<LessOutput, 'present'>[]): (readonly number[])[] {
  const found: (readonly number[])[] = [];
  for (const { present } of names) if (!found.some((known) => same(known, present))) found.push(present);
  return found;
}
