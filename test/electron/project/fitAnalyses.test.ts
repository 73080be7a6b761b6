import { expect, it } from 'vitest';
import { emptyProject } from '../../../core/project/project.js';
import type { ProjectContents } from '../../../core/project/projectFile.js';
import { ProblemError } from '../../../core/problems/problem.js';
import { fitAnalyses } from '../../../electron/project/fitAnalyses.js';
import { packProject } from '../../../electron/project/projectArchive.js';

function contents(): ProjectContents {
  const curves = { visual: [{ name: 'happiness', mean: Array.from({ length: 500 }, () => 0.123456) }] };
  const results = [{ segmentId: 's1', estimate: { label: 'neutral', curves } }, { segmentId: 's2' }];
  const analysis = { recordingId: 'rec-a', fingerprint: 'f', finishedUtc: '', analysis: { results } };
  const recordings = [{ recordingId: 'rec-a', fileName: 'a.wav', info: {} }];
  const project = emptyProject('prj-1', 'Siblings', '2026-11-25T10:00:00.000Z');
  return { project, template: false, recordings, documents: [], analyses: [analysis] } as unknown as ProjectContents;
}

it('an analysis that fits stays as it is', () => {
  const whole = contents();
  expect(fitAnalyses(whole)).toEqual({ contents: whole, problems: [] });
});

it('of one that does not, only the decoded curves stay out, and the problem names the recording', () => {
  const { contents: fitted, problems } = fitAnalyses(contents(), 1_000);
  expect(fitted.analyses[0]?.analysis.results).toEqual([
    { segmentId: 's1', estimate: { label: 'neutral' } },
    { segmentId: 's2' },
  ]);
  expect(problems).toMatchObject([{ code: 'project.curves_left_out', severity: 'note' }]);
  expect(problems[0]?.message).toContain('a.wav');
});

it('a part that could not be read again is refused before anything is written', () => {
  const text = 'x'.repeat(129 * 1024 * 1024);
  expect(() => packProject([{ path: 'documents/rec-a.json', text }])).toThrow(ProblemError);
  expect(() => packProject([{ path: 'documents/rec-a.json', text }])).toThrow(/129 MiB.*at most 128 MiB/);
});
