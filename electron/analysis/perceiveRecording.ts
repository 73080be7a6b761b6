import { segmentsOfFeatures, type FeatureRows } from '../../core/perception/featureRows.js';
import type { Perception } from '../../core/perception/perception.js';
import { proposeMarks } from '../../core/quality/proposeMarks.js';
import { segmentRecording } from '../../core/segments/segmentRecording.js';
import type { PerceptionSummary } from '../contract/types.js';
import type { PerceiveArgument } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';

/** Where the measurements of a recording come from; the host keeps the latest ones in memory. */
export type PerceptionSource = (
  recording: {
    readonly path: string;
    readonly sha256?: string;
    readonly modelsDir: string;
    readonly cacheDir?: string;
  },
  options: {
    readonly signal: AbortSignal;
    readonly onProgress: (fraction: number, step: string) => void;
  },
) => Promise<Perception>;

const STEP_COUNT = 2;

/**
 * Measures a recording, cuts it into segments and proposes corruption marks.
 * @throws ProblemError when nothing of the file can be used.
 */
export async function perceiveRecording(
  argument: PerceiveArgument,
  source: PerceptionSource,
  { signal, onProgress }: TaskContext,
): Promise<PerceptionSummary> {
  const perception = await source(argument, {
    signal,
    onProgress: (fraction, step) => {
      onProgress({ step, stepNumber: 1, stepCount: STEP_COUNT, fraction });
    },
  });
  signal.throwIfAborted();
  onProgress({ step: 'Propose segments and marks', stepNumber: 2, stepCount: STEP_COUNT });
  if (perception.features !== undefined) return summariseFeatures(perception, perception.features);
  const { info } = perception;
  const { segments, problems } = segmentRecording({
    duration: info.duration,
    cues: argument.cues,
    speech: perception.speech,
    hasAudio: perception.audio !== undefined,
  });
  const proposals = proposeMarks(perception, segments, argument.thresholds, argument.cues.length > 0);
  return {
    info,
    inputSha256: perception.inputSha256,
    ...(perception.peaks === undefined ? {} : { peaks: perception.peaks }),
    segments,
    proposals,
    problems: [...perception.problems, ...problems],
  };
}

/** The utterances of a feature recording are its segments; there is nothing in it that marks could be proposed from. */
function summariseFeatures(perception: Perception, features: FeatureRows): PerceptionSummary {
  const { info, inputSha256, problems } = perception;
  return { info, inputSha256, segments: segmentsOfFeatures(features), proposals: [], problems };
}
