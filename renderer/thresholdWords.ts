import type { QualityThresholds } from '../core/analysis/analysis.js';

interface Words {
  readonly words: string;
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
}

/** Name, unit and limits of every quality threshold, as the parameter pane shows them. */
export const THRESHOLD_WORDS: Readonly<Record<keyof QualityThresholds, Words>> = {
  silenceDbfs: { words: 'Silence below', unit: 'dBFS', max: 0 },
  silenceMinSeconds: { words: 'Shortest silence', unit: 's', min: 0 },
  dropoutMinSeconds: { words: 'Shortest dropout', unit: 's', min: 0 },
  clippedShare: { words: 'Clipped above', unit: 'share of samples', min: 0, max: 1 },
  snrMinDb: { words: 'Noisy below SNR', unit: 'dB' },
  faceScoreMin: { words: 'No face below score', unit: '0 to 1', min: 0, max: 1 },
  landmarkScoreMin: { words: 'Occluded below score', unit: '0 to 1', min: 0, max: 1 },
  sharpnessMin: { words: 'Blurred below', unit: 'grey levels squared', min: 0 },
  luminanceMin: { words: 'Dark below', unit: 'grey level', min: 0, max: 255 },
  frozenChangeMax: { words: 'Frozen below', unit: 'grey levels', min: 0 },
  visualMinSeconds: { words: 'Shortest visual stretch', unit: 's', min: 0 },
  usableFractionMin: { words: 'Available from', unit: 'share of segment', min: 0, max: 1 },
};
