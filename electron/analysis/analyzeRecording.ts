import type { Analysis } from '../../core/analysis/analysis.js';
import { applyLearned, type LearnedReadout } from '../../core/learn/learnedReadout.js';
import type { Problem } from '../../core/problems/problem.js';
import { findExcluded } from '../../core/quality/findExcluded.js';
import { stateOf } from '../../core/quality/judge.js';
import type { Modality } from '../../core/recording/modality.js';
import type { Segment } from '../../core/segments/segment.js';
import type { ModalityUse, SegmentResult } from '../../core/recovery/estimate.js';
import type { AnalyzeArgument } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import type { BundleManifest } from '../inference/bundleSchema.js';
import { runRohydr } from '../inference/rohydr.js';
import type { SegmentOutput } from '../inference/segmentTypes.js';
import type { AnalysisServices } from './prepareRecording.js';
import { prepareRecording } from './prepareRecording.js';
import type { PreparedSegment } from './segmentFeatures.js';

/**
 * Judges the state of every modality in every segment, recovers what is missing and reads out score and emotions.
 * @throws ProblemError as `prepareRecording`.
 */
export async function analyzeRecording(
  argument: AnalyzeArgument,
  services: AnalysisServices,
  context: TaskContext,
): Promise<Analysis> {
  const { parameters, segments, marks } = argument;
  const { bundle, perception, phrases, last, ...rest } = await prepareRecording(argument, services, context);
  const prepared = leftMissing(rest.prepared, segments);
  const outputs = await runRohydr(bundle, prepared, {
    recordingId: argument.recordingId,
    seed: parameters.seed,
    samples: parameters.samples,
    recover: parameters.recover,
    phrases,
    signal: context.signal,
    onProgress: (done, total) => {
      last(parameters.recover ? 'Recover and read out' : 'Read out', done / total);
    },
  });
  const fits = parameters.learned?.from.bundle.sha256 === bundle.sha256;
  const learned = fits ? parameters.learned : undefined;
  return {
    parameters,
    bundle: { id: bundle.manifest.id, version: bundle.manifest.version, sha256: bundle.sha256, facts: bundle.facts },
    provider: bundle.graphs.provider,
    segments,
    marks,
    results: prepared.map((segment, index) =>
      withLearned(resultOf(segment, outputs[index] ?? { recovered: {}, problems: [] }), outputs[index], learned),
    ),
    problems: [
      ...bundle.problems,
      ...(parameters.learned && !fits ? [otherBundle(parameters.learned)] : []),
      ...sentimentOnly(bundle.manifest),
      ...outputs.flatMap(({ problems }) => problems),
    ],
    intervalLevel: bundle.manifest.calibration.interval_level,
    excluded: findExcluded(perception, parameters.thresholds),
  };
}

/** What a person wants left missing, instead of recovered, is said in the reason of its state. */
function leftMissing(prepared: readonly PreparedSegment[], segments: readonly Segment[]): readonly PreparedSegment[] {
  const choices = new Map(segments.map(({ id, notRecovered }) => [id, notRecovered]));
  return prepared.map((segment) => {
    const notRecovered = choices.get(segment.segmentId);
    if (notRecovered === undefined) return segment;
    const judgements = { ...segment.judgements };
    for (const modality of notRecovered) {
      const { available, reason } = judgements[modality];
      if (available) continue;
      const words = [reason, 'left missing by a person'].filter((part) => part !== '').join('; ');
      judgements[modality] = { ...judgements[modality], reason: words };
    }
    return { ...segment, judgements, notRecovered };
  });
}

/** A benchmark bundle was trained on sentiment alone; its seven equal emotion probabilities are no finding. */
function sentimentOnly({ id, benchmark }: BundleManifest): readonly Problem[] {
  if (benchmark === undefined) return [];
  const message = `The bundle "${id}" reads sentiment only: its emotion probabilities are all equal and say nothing.`;
  return [
    { code: 'bundle.sentiment-only', severity: 'note', message, tip: 'Use the score, and leave the emotion out.' },
  ];
}

/** What was used of a segment and what the model makes of it. */
export function resultOf(segment: PreparedSegment, output: SegmentOutput): SegmentResult {
  const useOf = (modality: Modality): ModalityUse => {
    const judgement = segment.judgements[modality];
    const recovered = output.recovered[modality];
    return {
      state: stateOf(judgement, recovered !== undefined),
      reason: judgement.reason,
      usableFraction: judgement.usableFraction,
      ...(judgement.quality === undefined ? {} : { quality: judgement.quality }),
      ...recovered,
    };
  };
  return {
    segmentId: segment.segmentId,
    use: { text: useOf('text'), audio: useOf('audio'), visual: useOf('visual') },
    ...(output.estimate === undefined ? {} : { estimate: output.estimate }),
  };
}

/** The result with what the learned read-out says beside it. */
function withLearned(
  result: SegmentResult,
  output: SegmentOutput | undefined,
  learned: LearnedReadout | undefined,
): SegmentResult {
  const { estimate, fused } = output ?? {};
  if (!learned || !estimate || !fused) return result;
  const model = { probabilities: estimate.probabilities, score: estimate.score.value };
  const said = applyLearned(learned, fused, model);
  return said ? { ...result, learned: said } : result;
}

function otherBundle({ id, from }: LearnedReadout): Problem {
  return {
    code: 'learn.other-bundle',
    severity: 'warning',
    message: `The learned read-out ${id} belongs to the bundle ${from.bundle.id} ${from.bundle.version} and was not used with this one.`,
    tip: 'Learn again with this bundle, or switch the read-out off.',
  };
}
