/**
 * Measures agreement of 10 000 segments of two raters with 1000 bootstrap draws: whole, and the longest step between two
 * pauses, which is how long a page would be blocked. `node test/bench/agreement.mjs`; budgets 2 s and 50 ms (what the
 * view shows: one measure, one stratum, both bases). Prints a table.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const load = async (file) =>
  (await runnerImport(path.join(root, file), { root, configFile: false, logLevel: 'error' })).module;
const { computeAgreement } = await load('core/agreement/agreement.ts');
const { DEFAULT_AGREEMENT_OPTIONS: options } = await load('core/agreement/agreementOptions.ts');
const { seededUniform } = await load('core/random/seededNormal.ts');
const { EMOTIONS } = await load('core/recording/emotion.ts');
const { MODALITY_STATES } = await load('core/recording/modality.ts');

const SEGMENTS = 10_000;
const uniform = seededUniform('bench');
const pick = (list) => list[Math.floor(uniform() * list.length)];
const segments = Array.from({ length: SEGMENTS }, (_, index) => ({
  recordingId: 'rec-bench',
  segmentId: `s${index}`,
  range: { start: index * 3_000_000, end: index * 3_000_000 + 2_700_000 },
}));
const model = segments.map((segment) => ({ ...segment, label: pick(EMOTIONS), score: uniform() * 6 - 3 }));
const human = model.map((rating) =>
  uniform() < 0.7 ? { ...rating, score: Math.round(rating.score) } : { ...rating, label: pick(EMOTIONS) },
);
const tracks = [
  { raterId: 'model', raterType: 'model', ratings: model },
  { raterId: 'R1', raterType: 'human', ratings: human },
];
const state = () => pick(['observed', 'observed', ...MODALITY_STATES]);
const states = segments.map((segment) => ({ ...segment, states: { text: state(), audio: state(), visual: state() } }));

/** Whole time and longest step, ms. */
function measure(request) {
  const steps = computeAgreement({ tracks, states, options, ...request });
  const start = performance.now();
  const cpu = process.cpuUsage();
  let longest = 0;
  for (let last = start; ;) {
    const { done } = steps.next();
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!done) continue;
    const { user, system } = process.cpuUsage(cpu);
    return {
      'whole, ms': Math.round(now - start),
      'processor time, ms': Math.round((user + system) / 1_000),
      'longest step, ms': Math.round(longest),
    };
  }
}

measure({ measures: ['label'], strata: ['all'] });
console.table({
  'labels, one stratum': measure({ measures: ['label'], strata: ['all'] }),
  'scores, one stratum': measure({ measures: ['score'], strata: ['all'] }),
  'labels and scores, all 15 strata (report)': measure({}),
});
