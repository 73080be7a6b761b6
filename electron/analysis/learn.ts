import { createHash } from 'node:crypto';
import { labelsText } from '../../core/learn/labelsText.js';
import { type LearnExample, readiness } from '../../core/learn/learnExamples.js';
import type { LearnedReadout } from '../../core/learn/learnedReadout.js';
import { learnReadout } from '../../core/learn/learnReadout.js';
import { ProblemError } from '../../core/problems/problem.js';
import { inSlices } from '../host/inSlices.js';
import type { LearnArgument, LearnRecording } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import type { LoadedBundle } from '../inference/loadBundle.js';
import { runRohydr } from '../inference/rohydr.js';
import { type AnalysisServices, prepareRecording } from './prepareRecording.js';

const STEP_COUNT = 2;

/**
 * Learns a read-out from the labels of one rater over several recordings. The fused representation of every labelled
 * segment is computed anew, with the parameters of its recording; nothing of it is kept but the read-out.
 * @throws ProblemError `learn.*` when the labels are not enough or the recordings use different bundles, and as
 * `prepareRecording`.
 */
export async function learn(
  argument: LearnArgument,
  services: AnalysisServices,
  context: TaskContext,
): Promise<LearnedReadout> {
  const { recordings, raterId, modelsDir, cacheDir } = argument;
  const examples: LearnExample[] = [];
  let bundle: LoadedBundle | undefined;
  for (const [index, recording] of recordings.entries()) {
    const progress = (share: number): void => {
      const fraction = (0.6 * (index + share)) / recordings.length;
      context.onProgress({ step: 'Read the labelled segments again', stepNumber: 1, stepCount: STEP_COUNT, fraction });
    };
    const made = await examplesOf(
      { ...recording, modelsDir, ...(cacheDir === undefined ? {} : { cacheDir }) },
      services,
      {
        signal: context.signal,
        onProgress: ({ fraction = 0 }) => {
          progress(fraction);
        },
      },
    );
    if (bundle !== undefined && made.bundle.sha256 !== bundle.sha256) throw differentBundles();
    bundle = made.bundle;
    examples.push(...made.examples);
  }
  const { missing } = readiness(examples.map(({ label }) => label));
  if (bundle === undefined || missing !== '') throw tooFew(missing);
  const learned = await fit(examples, bundle, context);
  const { id, version } = bundle.manifest;
  const from = {
    ...learned.from,
    bundle: { id, version, sha256: bundle.sha256 },
    raterId,
    labelsSha256: hashOf(labelsText(examples)),
  };
  // the same labels, bundle and seed have the same name, whenever they were learned
  const name = `learned-${hashOf(JSON.stringify({ ...learned, from })).slice(0, 12)}`;
  return { ...learned, id: name, from: { ...from, createdUtc: new Date().toISOString() } };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

async function fit(examples: readonly LearnExample[], { manifest }: LoadedBundle, { signal, onProgress }: TaskContext) {
  const work = learnReadout(examples, { seed: 0, intervalLevel: manifest.calibration.interval_level });
  return inSlices(work, {
    signal,
    onProgress: (share) => {
      onProgress({ step: 'Learn and compare', stepNumber: 2, stepCount: STEP_COUNT, fraction: 0.6 + 0.4 * share });
    },
  });
}

async function examplesOf(
  recording: LearnRecording & { readonly modelsDir: string; readonly cacheDir?: string },
  services: AnalysisServices,
  context: TaskContext,
): Promise<{ readonly bundle: LoadedBundle; readonly examples: readonly LearnExample[] }> {
  const { recordingId, parameters, labels, participant } = recording;
  const byId = new Map(labels.map((label) => [label.segmentId, label]));
  const segments = recording.segments.filter(({ id }) => byId.has(id));
  const { bundle, prepared } = await prepareRecording({ ...recording, segments }, services, context);
  const { seed, samples, recover } = parameters;
  const { signal } = context;
  const outputs = await runRohydr(bundle, prepared, { recordingId, seed, samples, recover, signal });
  const examples = outputs.flatMap(({ estimate, fused }, index): LearnExample[] => {
    const segment = segments[index];
    const label = segment && byId.get(segment.id);
    if (!segment || !label || !estimate || !fused) return [];
    return [
      {
        recordingId,
        segmentId: segment.id,
        ...(participant === undefined ? {} : { participant }),
        start: segment.range.start,
        fused,
        probabilities: estimate.probabilities,
        score: estimate.score.value,
        label: label.label,
        ...(label.score === undefined ? {} : { raterScore: label.score }),
      },
    ];
  });
  return { bundle, examples };
}

function tooFew(missing: string): ProblemError {
  return new ProblemError({
    code: 'learn.too-few-labels',
    severity: 'error',
    message: `There are not enough labels to learn from. ${missing}`,
    tip: 'Label more segments in Review or Annotate; only segments with an estimate of the model count.',
  });
}

function differentBundles(): ProblemError {
  return new ProblemError({
    code: 'learn.different-bundles',
    severity: 'error',
    message: 'The labelled recordings use different bundles, whose representations cannot be put together.',
    tip: 'Choose the same bundle in the parameters of each recording.',
  });
}
