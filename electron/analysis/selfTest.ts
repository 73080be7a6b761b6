import type { Perception } from '../../core/perception/perception.js';
import { EMOTIONS } from '../../core/recording/emotion.js';
import type { Modality } from '../../core/recording/modality.js';
import { MODALITIES } from '../../core/recording/modality.js';
import { meanExpression } from '../../core/recovery/meanExpression.js';
import type { SelfTest, SelfTestCase } from '../../core/selfTest/selfTest.js';
import { summariseSelfTest } from '../../core/selfTest/summarise.js';
import { inSlices } from '../host/inSlices.js';
import type { AnalyzeArgument } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import { runRohydr } from '../inference/rohydr.js';
import type { SegmentOutput } from '../inference/segmentTypes.js';
import { acousticFunctionalNames } from '../perception/audio/functionals.js';
import type { AnalysisServices } from './prepareRecording.js';
import { prepareRecording } from './prepareRecording.js';
import type { PreparedSegment } from './segmentFeatures.js';
import { patternOfSegment, withhold } from './withhold.js';

/** A segment with one modality hidden, and where the segment itself is. */
interface Hidden {
  readonly index: number;
  readonly modality: Modality;
  readonly segment: PreparedSegment;
}

/**
 * Hides every modality that was measured undamaged beside another one, segment by segment, recovers it and compares.
 * @throws ProblemError as `prepareRecording`.
 */
export async function selfTest(
  argument: AnalyzeArgument,
  services: AnalysisServices,
  context: TaskContext,
): Promise<SelfTest> {
  const { recordingId, parameters } = argument;
  const { bundle, perception, prepared, last } = await prepareRecording(argument, services, context);
  const hidden = prepared.flatMap((segment, index) =>
    hideable(segment).map((modality): Hidden => ({ index, modality, segment: withhold(segment, modality) })),
  );
  const tested = [...new Set(hidden.map(({ index }) => index))];
  const inputs = [...tested.map((index) => prepared[index]!), ...hidden.map(({ segment }) => segment)];
  const outputs = await runRohydr(bundle, inputs, {
    recordingId,
    seed: parameters.seed,
    samples: parameters.samples,
    recover: true,
    signal: context.signal,
    onProgress: (done, total) => {
      last('Hide and recover', (0.8 * done) / total);
    },
  });
  const full = new Map(tested.map((index, place) => [index, outputs[place]!]));
  const cases = hidden.flatMap((item, place) => {
    const output = outputs[tested.length + place]!;
    const measured = measuredBy(item.modality, prepared[item.index]!, perception);
    return caseOf(item, measured, full.get(item.index)!, output);
  });
  last('Compare with what was measured', 0.8);
  const { id, version } = bundle.manifest;
  return {
    bundle: { id, version, sha256: bundle.sha256 },
    parameters,
    provider: bundle.graphs.provider,
    intervalLevel: bundle.manifest.calibration.interval_level,
    segments: prepared.length,
    tested: tested.length,
    parts: await inSlices(summariseSelfTest(cases, `self-test/${recordingId}`), { signal: context.signal }),
    problems: outputs.flatMap(({ problems }) => problems),
  };
}

/** Modalities that were measured undamaged while another one can be used. */
function hideable({ judgements, features }: PreparedSegment): Modality[] {
  const available = MODALITIES.filter((modality) => features[modality] !== undefined);
  return available.length < 2 ? [] : available.filter((modality) => !judgements[modality].degraded);
}

function caseOf(
  { modality, segment }: Hidden,
  measured: ReadonlyMap<string, number>,
  full: SegmentOutput,
  hidden: SegmentOutput,
): SelfTestCase[] {
  // an estimate that is not there was not finite; its Problem travels with the result
  if (full.estimate === undefined || hidden.estimate === undefined) return [];
  const descriptors = (hidden.estimate.decoded?.[modality] ?? []).flatMap((recovered) => {
    const value = measured.get(recovered.name);
    return value === undefined ? [] : [{ recovered, measured: value }];
  });
  return [
    {
      segmentId: segment.segmentId,
      modality,
      from: patternOfSegment(segment),
      full: full.estimate,
      hidden: hidden.estimate,
      descriptors,
    },
  ];
}

/** Measured values by the names under which recovered ones are decoded. */
function measuredBy(
  modality: Modality,
  { features, judgements }: PreparedSegment,
  { visual }: Perception,
): ReadonlyMap<string, number> {
  if (modality === 'visual') {
    const means = visual === undefined ? undefined : meanExpression(visual, judgements.visual.usable);
    return new Map(means?.map((value, emotion) => [EMOTIONS[emotion]!, value]));
  }
  if (modality === 'text') return new Map();
  const names = acousticFunctionalNames().map((name) => name.slice(0, name.indexOf('[')));
  const found = names.map((name, index) => [name, features.audio?.[index] ?? Number.NaN] as const);
  return new Map(found.filter(([, value]) => Number.isFinite(value)));
}
