/**
 * Measures writing and reading 10 000 segments with words, labels, confidences and marks in every format.
 * `node test/bench/interchange.mjs`; budgets 1 s out and 3 s in on two idle cores. Prints a table.
 */
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const load = async (file) =>
  (await runnerImport(path.join(root, file), { root, configFile: false, logLevel: 'error' })).module;
const { EXPORT_FORMATS, readAnnotations, readNow } = await load('core/interchange/formats.ts');
const { describeRecording } = await load('core/interchange/describeRecording.ts');

const SEGMENTS = 10_000;
const range = (index) => ({ start: index * 3_000_000, end: index * 3_000_000 + 2_500_000 });
const id = (index) => `s${String(index + 1).padStart(5, '0')}`;
const numbers = Array.from({ length: SEGMENTS }, (_, index) => index);
const set = describeRecording({
  duration: SEGMENTS * 3_000_000,
  mediaName: 'talk.mp4',
  cues: [],
  segments: numbers.map((n) => ({ id: id(n), range: range(n), origin: 'cue', text: `what was said in segment ${n}` })),
  labels: numbers.map((n) => ({
    segmentId: id(n),
    raterId: 'R1',
    label: 'anger',
    score: -1,
    note: 'a note',
    modifiedUtc: '2026-01-01T00:00:00Z',
  })),
  marks: numbers
    .filter((n) => n % 5 === 0)
    .map((n) => ({
      id: `human-audio-${n}`,
      modality: 'audio',
      range: range(n),
      kind: 'noisy',
      severity: 2,
      source: 'human',
      review: 'confirmed',
      note: '',
    })),
});
const count = set.tiers.reduce((sum, { items }) => sum + items.length, 0);
console.log(`${os.cpus().length} cores, ${SEGMENTS} segments, ${count} annotations on ${set.tiers.length} tiers`);
console.log('format           out ms   in ms   MiB');
for (const [name, format] of Object.entries(EXPORT_FORMATS)) {
  if (!('write' in format)) continue;
  const began = performance.now();
  const bytes = Buffer.from([...format.write(set, { createdUtc: '2026-01-01T00:00:00Z' })].join(''));
  const written = performance.now();
  readNow(readAnnotations(`x.${format.extension}`, bytes));
  const read = performance.now();
  const cell = (value, width) => value.toFixed(0).padStart(width);
  console.log(
    `${name.padEnd(16)}${cell(written - began, 7)}${cell(read - written, 8)}${(bytes.length / 2 ** 20).toFixed(1).padStart(6)}`,
  );
}
process.exit(0);
