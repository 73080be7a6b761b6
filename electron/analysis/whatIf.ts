import type { Modality } from '../../core/recording/modality.js';
import type { WhatIf, WhatIfCase } from '../../core/recovery/whatIf.js';
import type { WhatIfArgument } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import { runRohydr } from '../inference/rohydr.js';
import type { SegmentOutput } from '../inference/segmentTypes.js';
import { resultOf } from './analyzeRecording.js';
import type { AnalysisServices } from './prepareRecording.js';
import { prepareRecording } from './prepareRecording.js';
import type { PreparedSegment } from './segmentFeatures.js';
import { withhold } from './withhold.js';

/**
 * Hides modalities that are there and recovers them, for the chosen segments only: the same steps, networks and noise as
 * an analysis. Recovery is on whatever the parameters say, because it is what is asked about.
 * @throws ProblemError as `prepareRecording`.
 */
export async function whatIf(
  argument: WhatIfArgument,
  services: AnalysisServices,
  context: TaskContext,
): Promise<WhatIf> {
  const wanted = new Set(argument.withheld.map(({ segmentId }) => segmentId));
  const segments = argument.segments.filter(({ id }) => wanted.has(id));
  const { bundle, prepared, phrases, last } = await prepareRecording({ ...argument, segments }, services, context);
  const byId = new Map(prepared.map((segment) => [segment.segmentId, segment]));
  const pairs = argument.withheld.flatMap(({ segmentId, modality }) => {
    const original = byId.get(segmentId);
    return original === undefined ? [] : [{ modality, original, hidden: withhold(original, modality) }];
  });
  const { recordingId, parameters } = argument;
  const outputs = await runRohydr(
    bundle,
    pairs.flatMap(({ original, hidden }) => [original, hidden]),
    {
      recordingId,
      seed: parameters.seed,
      samples: parameters.samples,
      recover: true,
      phrases,
      signal: context.signal,
      onProgress: (done, total) => {
        last('Hide and recover', done / total);
      },
    },
  );
  const cases = pairs.map((pair, index) => caseOf(pair, outputs[index * 2]!, outputs[index * 2 + 1]!));
  return { cases, problems: outputs.flatMap(({ problems }) => problems) };
}

interface Pair {
  readonly modality: Modality;
  readonly original: PreparedSegment;
  readonly hidden: PreparedSegment;
}

function caseOf({ modality, original, hidden }: Pair, full: SegmentOutput, less: SegmentOutput): WhatIfCase {
  return {
    segmentId: original.segmentId,
    modality,
    original: resultOf(original, full),
    hidden: resultOf(hidden, less),
  };
}
