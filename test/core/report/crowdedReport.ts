import type { ReportInput } from '../../../core/report/reportInput.js';
import { microseconds } from '../../../core/time/microseconds.js';
import { mark, range, segment } from '../fixtures.js';
import { SOURCES } from './reportSources.js';

const LONG = 'This sentence stands for whatever a program, a file or a bundle can say, and it says rather much of it. ';

/** A report input with more of everything than a page has room for: segments, people, marks, problems, limits. */
export function crowdedInput(): ReportInput {
  const { input } = SOURCES;
  const { analysis } = input;
  const [first] = analysis.results;
  const segments = Array.from({ length: 400 }, (_, index) => segment(`s${index}`, index * 5, index * 5 + 4.5));
  const people = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Fay'];
  return {
    ...input,
    duration: microseconds(2_000e6),
    sourceFile: `${'a very long name of a file '.repeat(6)}.mp4`,
    labels: segments.flatMap(({ id }) =>
      people.map((raterId) => ({
        ...{ segmentId: id, raterId, label: 'anger' as const, score: -1, modifiedUtc: '2026-01-01T00:00:00Z' },
      })),
    ),
    problems: Array.from({ length: 120 }, (_, index) => ({
      ...{ code: 'transcript.x', severity: 'warning' as const, range: range(index, index + 1) },
      ...{ message: `${index}. ${LONG.repeat(4)}`, tip: LONG.repeat(3) },
    })),
    analysis: {
      ...analysis,
      segments,
      marks: segments.map(({ id, range: own }) => mark({ id: `m-${id}`, range: own })),
      results: segments.map(({ id }) => ({ ...first!, segmentId: id })),
      bundle: {
        ...analysis.bundle,
        facts: { ...analysis.bundle.facts!, limits: Array.from({ length: 14 }, () => LONG.repeat(3)) },
      },
    },
  };
}
