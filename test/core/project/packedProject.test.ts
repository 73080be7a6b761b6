import { expect, it } from 'vitest';
import { packRead, unpackRead } from '../../../core/project/packedProject.js';
import { emptyProject } from '../../../core/project/project.js';
import type { ReadProject } from '../../../core/project/projectFile.js';

it('a project comes out of its texts as it went in, and no text is long beside the whole', () => {
  const results = Array.from({ length: 2_501 }, (_, index) => ({
    segmentId: `s${index}`,
    use: { text: 'x'.repeat(50) },
  }));
  const analysis = (id: string, count: number) => ({
    ...{ recordingId: id, fingerprint: 'f', finishedUtc: '' },
    analysis: { provider: 'cpu', results: results.slice(0, count) },
  });
  const read = {
    project: emptyProject('prj-1', 'Siblings', '2026-11-25T10:00:00.000Z'),
    ...{ template: false, recordings: [{ recordingId: 'rec-a' }], documents: [{ recordingId: 'rec-a' }] },
    analyses: [analysis('rec-a', 2_501), analysis('rec-b', 0)],
    ...{ appVersion: '1', savedUtc: '', newerVersion: 9 },
  } as unknown as ReadProject;
  const packed = packRead(read);
  const texts = [packed.rest, ...packed.documents, ...packed.analyses.flatMap((item) => [item.rest, ...item.results])];
  expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(texts.join('').length / 8);
  const reading = unpackRead(packed);
  let step = reading.next();
  while (step.done !== true) step = reading.next();
  expect(step.value).toEqual(read);
});
