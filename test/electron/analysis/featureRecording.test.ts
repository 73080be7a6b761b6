import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Analysis } from '../../../core/analysis/analysis.js';
import { defaultParameters } from '../../../core/analysis/defaultParameters.js';
import type { CorruptionMark } from '../../../core/marks/mark.js';
import { ProblemError } from '../../../core/problems/problem.js';
import { perceiveRecording } from '../../../electron/analysis/perceiveRecording.js';
import { createHostTasks } from '../../../electron/host/hostTasks.js';
import type { AnalyzeArgument } from '../../../electron/host/protocol.js';
import { perceiveFeatures } from '../../../electron/perception/features/perceiveFeatures.js';

const modelsDir = path.resolve(import.meta.dirname, '../../../models');
const context = { signal: new AbortController().signal, onProgress: (): void => undefined };
const WIDTHS = { text_cnn: 100, audio_opensmile: 73, video_3dcnn: 100 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lacuna-feature-recording-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A feature file of one video with generated vectors; `empty` cells say that an utterance lacks a vector. */
async function writeCsv(
  name: string,
  options: { readonly widths?: object; readonly empty?: string } = {},
): Promise<string> {
  const widths = Object.entries({ ...WIDTHS, ...options.widths });
  const header = [
    'id',
    'start_s',
    'end_s',
    'text',
    ...widths.flatMap(([array, n]) => Array.from({ length: n }, (_, i) => `${array}.${i}`)),
  ];
  const lines = [1, 2, 3].map((number) => [
    `v_${number}`, number * 5, number * 5 + 4, `words ${number}`,
    ...widths.flatMap(([array, n]) =>
      Array.from({ length: n }, (_, i) => (number === 2 && options.empty === array ? '' : Math.sin(number + i).toFixed(4))),
    ),
  ]); // prettier-ignore
  const file = path.join(folder, name);
  await writeFile(file, [header, ...lines].map((line) => line.join(',')).join('\n'));
  return file;
}

async function analyse(file: string, bundleId: string, marks: readonly CorruptionMark[] = []): Promise<Analysis> {
  const argument = { path: file, recordingId: 'rec-000000000001', modelsDir };
  const parameters = { ...defaultParameters(), bundleId, samples: 2, provider: 'cpu' };
  const { segments } = await perceiveRecording(
    { ...argument, cues: [], thresholds: parameters.thresholds },
    (recording) => perceiveFeatures(recording.path),
    context,
  );
  const whole: AnalyzeArgument = { ...argument, segments, marks, parameters };
  return createHostTasks().analyze(whole, context);
}

describe('a feature recording', () => {
  it('is analysed with the bundle made for its vectors: what is there is observed, what is not is recovered', async () => {
    const analysis = await analyse(await writeCsv('gap.csv', { empty: 'audio_opensmile' }), 'mosi-utterance');
    expect(analysis.segments.map(({ range, text }) => [range.start / 1e6, range.end / 1e6, text])).toEqual([
      [5, 9, 'words 1'],
      [10, 14, 'words 2'],
      [15, 19, 'words 3'],
    ]);
    expect(analysis.results.map(({ use }) => use.audio.state)).toEqual(['observed', 'recovered', 'observed']);
    expect(analysis.results[1]?.use.audio.reason).toBe('no audio_opensmile for v_2 in the feature file');
    for (const { estimate } of analysis.results) expect(Math.abs(estimate?.score.value ?? NaN)).toBeLessThanOrEqual(3);
    expect(analysis.problems.map(({ code }) => code)).toContain('bundle.sentiment-only');
  });

  it('takes a confirmed mark of severity 3 as it does in media: the vector is rejected and recovered', async () => {
    const file = await writeCsv('marked.csv');
    const range = (await perceiveFeatures(file)).features?.rows[0]?.range;
    if (range === undefined) throw new Error('no first utterance');
    const mark: CorruptionMark = {
      id: 'm1', modality: 'visual', range, kind: 'occluded', severity: 3, confidence: 1, source: 'human', review: 'confirmed', note: '',
    }; // prettier-ignore
    const analysis = await analyse(file, 'mosi-utterance', [mark]);
    expect(analysis.results.map(({ use }) => use.visual.state)).toEqual(['recovered', 'observed', 'observed']);
  });

  it('gives a segment with other limits than its utterance no vectors', async () => {
    const file = await writeCsv('cut.csv');
    const argument = { path: file, recordingId: 'rec-000000000001', modelsDir };
    const parameters = { ...defaultParameters(), bundleId: 'mosi-utterance', samples: 2, provider: 'cpu' };
    const range = { start: 5_000_000, end: 7_000_000 } as never;
    const segments = [{ id: 's0001', range, origin: 'human' as const }];
    const analysis = await createHostTasks().analyze({ ...argument, segments, marks: [], parameters }, context);
    expect(analysis.results[0]?.use.text.state).toBe('missing');
    expect(analysis.results[0]?.use.text.reason).toContain('not one utterance of the feature file');
    expect(analysis.results[0]?.estimate).toBeUndefined();
  });

  it.each([
    ['a bundle for media', 'speech-face-en', {}, 'it is made for media, not for ready-made features'],
    ['vectors of another width', 'mosi-utterance', { text_cnn: 99 }, 'text_cnn must have 100 columns'],
  ])('refuses %s and says what the file holds', async (_, bundle, widths, message) => {
    const attempt = analyse(await writeCsv('misfit.csv', { widths }), bundle);
    await expect(attempt).rejects.toThrow(ProblemError);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toThrow('this feature file holds text_cnn');
  });

  it.each([
    ['id,x\nv_1,2', 'id and ARRAY.0, ARRAY.1, … expected'],
    ['id,a.0,a.2\nv_1,1,2', 'it has no column a.1'],
    ['id,a.0\nv_1,much', 'line 2, a.0: "much" is no number'],
    ['id,a.0,a.1\nv_1,1,', '"a" holds NaN in v_1 (row 1, column 2)'],
    ['', 'cannot be used'],
  ])('refuses the table %j', async (text, message) => {
    const file = path.join(folder, 'bad.csv');
    await writeFile(file, text);
    await expect(perceiveFeatures(file)).rejects.toThrow(message);
  });
});
