import type { QualityThresholds } from '../analysis/analysis.js';

/** A threshold as the thresholds panel, the codebook and the documentation show it. */
export interface ThresholdDescription {
  readonly name: keyof QualityThresholds;
  readonly label: string;
  readonly unit: string;
  readonly meaning: string;
  /** Why the default is what it is. */
  readonly reason: string;
  readonly defaultValue: number;
  readonly min: number;
  readonly max: number;
}

/** Every threshold with its default and the reason for it; the single source of both. */
export const THRESHOLD_DESCRIPTIONS: readonly ThresholdDescription[] = [
  {
    name: 'silenceDbfs',
    label: 'Silence level',
    unit: 'dBFS',
    meaning: 'Sound at or below this level is silence.',
    reason: 'Quiet rooms recorded at usual gain lie between -60 and -45 dBFS; below that hardly any voice is left.',
    defaultValue: -60,
    min: -90,
    max: -20,
  },
  {
    name: 'silenceMinSeconds',
    label: 'Shortest silence',
    unit: 's',
    meaning: 'Silence shorter than this is not proposed.',
    reason: 'Pauses within an utterance are rarely longer than half a second.',
    defaultValue: 0.5,
    min: 0.1,
    max: 10,
  },
  {
    name: 'dropoutMinSeconds',
    label: 'Shortest dropout',
    unit: 's',
    meaning: 'Digital zero for at least this long is a dropout.',
    reason: 'Longer than the closure of a stop consonant in gated sound, about as long as a short syllable.',
    defaultValue: 0.1,
    min: 0.02,
    max: 5,
  },
  {
    name: 'clippedShare',
    label: 'Clipped samples',
    unit: 'share of samples',
    meaning: 'A 10 ms row with at least this share of full-scale samples is clipped.',
    reason: 'A single full-scale peak is harmless; 2 % is three samples in a row of 160 and means a flattened wave.',
    defaultValue: 0.02,
    min: 0.001,
    max: 1,
  },
  {
    name: 'snrMinDb',
    label: 'Lowest signal-to-noise ratio',
    unit: 'dB',
    meaning: 'Speech with a lower ratio to the background is noisy.',
    reason: 'Voice quality measures and emotion recognition lose accuracy below about 10 to 15 dB.',
    defaultValue: 12,
    min: -10,
    max: 60,
  },
  {
    name: 'faceScoreMin',
    label: 'Lowest face score',
    unit: '0 to 1',
    meaning: 'A frame whose best face has a lower detector score counts as a frame without a face.',
    reason: 'The usual operating point of the detector.',
    defaultValue: 0.5,
    min: 0.05,
    max: 0.99,
  },
  {
    name: 'landmarkScoreMin',
    label: 'Lowest landmark score',
    unit: '0 to 1',
    meaning: 'A face with a lower landmark presence score is occluded.',
    reason:
      'Uncovered faces of RAVDESS clips stay above 0.98, blurred ones above 0.9; a covered mouth or half of a face brings most frames below 0.5.',
    defaultValue: 0.5,
    min: 0.05,
    max: 0.99,
  },
  {
    name: 'sharpnessMin',
    label: 'Lowest sharpness',
    unit: 'grey levels squared',
    meaning: 'A face whose Laplacian has a lower variance is blurred.',
    reason:
      'Measured at 96 pixels: faces in focus of RAVDESS clips lie between 270 and 460; a Gaussian blur of 2 % of the face’s width brings them below 50.',
    defaultValue: 50,
    min: 0,
    max: 1_000,
  },
  {
    name: 'luminanceMin',
    label: 'Lowest luminance',
    unit: '0 to 255',
    meaning: 'A face with a lower mean luminance is dark.',
    reason:
      'Below about 40 of 255 facial features fall into the noise of the sensor; dark skin in good light lies above.',
    defaultValue: 40,
    min: 0,
    max: 255,
  },
  {
    name: 'frozenChangeMax',
    label: 'Largest change of a frozen picture',
    unit: 'grey levels',
    meaning: 'A picture that changes no more than this from frame to frame is frozen.',
    reason:
      'Sensor noise and breathing change even a still scene by more; a repeated frame changes by next to nothing.',
    defaultValue: 0.05,
    min: 0,
    max: 5,
  },
  {
    name: 'visualMinSeconds',
    label: 'Shortest visual stretch',
    unit: 's',
    meaning: 'Visual trouble shorter than this is not proposed.',
    reason: 'A blink lasts up to 0.4 s, and two frames at 5 per second are needed to tell a stretch from a slip.',
    defaultValue: 0.4,
    min: 0.1,
    max: 10,
  },
  {
    name: 'usableFractionMin',
    label: 'Lowest usable share',
    unit: 'share of the segment',
    meaning: 'A modality with less usable time in a segment counts as missing there.',
    reason: 'With less than half of an utterance left, what is left no longer stands for the whole.',
    defaultValue: 0.5,
    min: 0.05,
    max: 1,
  },
];

/** Default thresholds of the proposals and of the state rules; reasons in THRESHOLD_DESCRIPTIONS. */
export const DEFAULT_THRESHOLDS: QualityThresholds = Object.fromEntries(
  THRESHOLD_DESCRIPTIONS.map(({ name, defaultValue }) => [name, defaultValue]),
) as unknown as QualityThresholds;
