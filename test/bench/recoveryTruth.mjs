/**
 * How close recovery comes on the sample, whose truth is known: the damaged recording is analysed, and what was recovered
 * is compared with what the intact recording measures in the same segments. `node test/bench/recoveryTruth.mjs [BUNDLE]`.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const load = async (file) =>
  (await runnerImport(path.join(root, file), { root, configFile: false, logLevel: 'error' })).module;
const { createHostTasks } = await load('electron/host/hostTasks.ts');
const { defaultParameters } = await load('core/analysis/defaultParameters.ts');
const { readTranscript } = await load('electron/files/readTranscript.ts');
const { compareCurve } = await load('core/recovery/compareCurve.ts');

const context = { signal: new AbortController().signal, onProgress: () => undefined };
const parameters = { ...defaultParameters(process.argv[2]), provider: 'cpu' };
const modelsDir = path.join(root, 'models');
const recording = (name) => ({ path: path.join(root, 'sample', name), recordingId: 'rec-bench0000000', modelsDir });
const { cues } = await readTranscript(path.join(root, 'sample/sample.srt'));

const damaged = recording('sample.mp4');
const tasks = createHostTasks();
const { segments, proposals } = await tasks.perceive({ ...damaged, cues, thresholds: parameters.thresholds }, context);
const analysis = await tasks.analyze({ ...damaged, segments, marks: proposals, parameters }, context);
const intact = recording('intact.mp4');
const whole = await tasks.analyze({ ...intact, segments, marks: [], parameters }, context);

const rows = [];
const curves = [];
for (const [index, { segmentId, use, estimate }] of analysis.results.entries()) {
  const recovered = ['audio', 'visual'].filter((modality) => use[modality].state === 'recovered');
  if (recovered.length === 0 || !estimate) continue;
  const { range } = segments.find(({ id }) => id === segmentId);
  const truth = await tasks.curves({ ...intact, range }, context);
  const full = whole.results[index].estimate;
  for (const modality of recovered) {
    const pairs = (estimate.decoded?.[modality] ?? []).flatMap((item) => {
      const value = truth.descriptors[modality]?.find(({ name }) => name === item.name)?.value;
      return value === undefined ? [] : [{ ...item, value }];
    });
    const inside = pairs.filter(({ low, high, value }) => value >= low && value <= high).length;
    rows.push({
      segment: segmentId,
      modality,
      'quantities inside their range': `${inside} of ${pairs.length}`,
      'mean abs. error':
        modality === 'visual'
          ? (pairs.reduce((s, p) => s + Math.abs(p.mean - p.value), 0) / pairs.length).toFixed(3)
          : '-',
      'score recovered / dropped / intact': [
        estimate.score.value,
        estimate.ablations?.recovery?.score.value,
        full.score.value,
      ]
        .map((value) => value?.toFixed(2))
        .join(' / '),
      'label recovered / dropped / intact': [estimate.label, estimate.ablations?.recovery?.label, full.label].join(
        ' / ',
      ),
    });
    for (const curve of estimate.curves?.[modality]?.curves ?? []) {
      const measured = truth.curves[modality]?.find(({ name }) => name === curve.name);
      const { n, meanAbsolute, inside: share } = compareCurve(curve, measured, range);
      if (n > 0)
        curves.push({
          segment: segmentId,
          curve: curve.name,
          n,
          error: meanAbsolute.toFixed(3),
          inside: share.toFixed(2),
        });
    }
  }
}
console.table(rows);
if (curves.length > 0) console.table(curves);
const test = await tasks.selfTest({ ...intact, segments, marks: [], parameters }, context);
for (const part of test.parts) {
  console.log(
    `${part.modality} from ${part.from}, n = ${part.n}: score changes by ${part.scoreChange.value.toFixed(2)}, label stays in ${(100 * part.labelStays.value).toFixed(0)} %`,
  );
  for (const item of part.descriptors)
    console.log(
      `  ${item.name}: error ${item.error.value.toFixed(3)}, constant ${item.constant.value.toFixed(3)} ${item.unit}`,
    );
}
process.exit(0);
