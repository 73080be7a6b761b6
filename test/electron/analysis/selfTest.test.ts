import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../core/analysis/defaultParameters.js';
import type { Analysis } from '../../../core/analysis/analysis.js';
import { readTranscript } from '../../../electron/files/readTranscript.js';
import { createHostTasks } from '../../../electron/host/hostTasks.js';
import type { AnalyzeArgument } from '../../../electron/host/protocol.js';
import type { TaskContext } from '../../../electron/host/serveHost.js';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const silent: TaskContext = { signal: new AbortController().signal, onProgress: () => undefined };
let tasks: ReturnType<typeof createHostTasks>;
let argument: AnalyzeArgument;
let analysis: Analysis;

/** The bundled sample before it was damaged, so that there is something to hide. */
beforeAll(async () => {
  tasks = createHostTasks();
  const parameters = { ...defaultParameters(), provider: 'cpu' };
  const { cues } = await readTranscript(path.join(ROOT, 'sample/sample.srt'));
  const recording = {
    path: path.join(ROOT, 'sample/intact.mp4'),
    recordingId: 'rec-0123456789ab',
    modelsDir: path.join(ROOT, 'models'),
  };
  const { segments } = await tasks.perceive({ ...recording, cues, thresholds: parameters.thresholds }, silent);
  argument = { ...recording, segments, marks: [], parameters };
  analysis = await tasks.analyze(argument, silent);
}, 300_000);

describe('what if a modality were missing', () => {
  it('recovers it from the others and leaves the original as the analysis has it', async () => {
    const { segmentId } = analysis.results[0]!;
    const answer = await tasks.whatIf({ ...argument, withheld: [{ segmentId, modality: 'visual' }] }, silent);
    const [one] = answer.cases;
    expect(answer.cases).toHaveLength(1);
    expect(one?.original).toEqual(analysis.results[0]);
    expect(one?.hidden.use.visual).toMatchObject({ state: 'recovered', samples: 8 });
    expect(one?.hidden.use.text).toEqual(one?.original.use.text);
    expect(one?.hidden.estimate?.decoded?.visual).toHaveLength(7);
  });

  it('takes 64 samples, and recovers even where the analysis does not', async () => {
    const { segmentId } = analysis.results[1]!;
    const parameters = { ...argument.parameters, samples: 64, recover: false };
    const answer = await tasks.whatIf(
      { ...argument, parameters, withheld: [{ segmentId, modality: 'audio' }] },
      silent,
    );
    expect(answer.cases[0]?.hidden.use.audio).toMatchObject({ state: 'recovered', samples: 64 });
  });

  it('says so where nothing would be left to recover from', async () => {
    const segments = argument.segments.map(({ text: _text, ...rest }) => rest);
    const marks = (['audio', 'visual'] as const).map((modality) => ({
      id: modality,
      modality,
      range: segments[0]!.range,
      kind: modality === 'audio' ? ('dropout' as const) : ('occluded' as const),
      severity: 3 as const,
      source: 'human' as const,
      review: 'confirmed' as const,
      note: '',
    }));
    const asked = { ...argument, segments, marks: marks.slice(0, 1) };
    const withheld = [{ segmentId: segments[0]!.id, modality: 'visual' as const }];
    const answer = await tasks.whatIf({ ...asked, withheld }, silent);
    expect(answer.cases[0]?.original.estimate).toBeDefined();
    expect(answer.cases[0]?.hidden.estimate).toBeUndefined();
    expect(answer.cases[0]?.hidden.use.visual.state).toBe('missing');
    expect(answer.problems).toMatchObject([{ code: 'segment.no-input' }]);
  });
});

describe('the self-test of a recording', () => {
  it('hides every intact modality once and compares it with what was measured', async () => {
    const test = await tasks.selfTest(argument, silent);
    const intact = analysis.results.filter(
      ({ use }) => Object.values(use).filter(({ state }) => state !== 'recovered').length > 1,
    );
    expect(test.tested).toBe(intact.length);
    expect(test.bundle).toEqual({
      id: analysis.bundle.id,
      version: analysis.bundle.version,
      sha256: analysis.bundle.sha256,
    });
    const face = test.parts.find(({ modality }) => modality === 'visual')!;
    expect(face.n).toBeGreaterThan(2);
    expect(face.descriptors).toHaveLength(7);
    for (const { error, constant } of face.descriptors) {
      // both sides are probabilities, whatever the features of the face are
      expect(error.value).toBeGreaterThan(0);
      expect(error.value).toBeLessThan(1);
      expect(constant.value).toBeGreaterThan(0);
      expect(constant.value).toBeLessThan(0.5);
    }
    expect(face.labelStays.value).toBeGreaterThanOrEqual(0);
    expect(face.labelStays.value).toBeLessThanOrEqual(1);
    const voice = test.parts.find(({ modality }) => modality === 'audio')!;
    expect(voice.descriptors.map(({ name }) => name)).toContain('f0.mean');
  });

  it('gives the same figures again', async () => {
    const [first, again] = [await tasks.selfTest(argument, silent), await tasks.selfTest(argument, silent)];
    expect(again).toEqual(first);
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const run = tasks.selfTest(argument, {
      signal: controller.signal,
      onProgress: ({ step }) => {
        if (step === 'Hide and recover') controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  });
});
