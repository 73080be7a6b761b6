import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { reportFiles } from '../../../core/report/reportFiles.js';
import { DEFAULT_REPORT_OPTIONS } from '../../../core/report/reportOptions.js';
import { readProvenance } from '../../../electron/repeat/readProvenance.js';
import { SOURCES } from '../../core/report/reportSources.js';

it('tiers, annotations, schemes and traces come back from provenance.json, so that a repetition writes them again', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lacuna-provenance-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = reportFiles(SOURCES, { ...DEFAULT_REPORT_OPTIONS, raterNames: true }).find(
    ({ name }) => name === 'provenance.json',
  );
  const place = path.join(folder, 'provenance.json');
  await writeFile(place, [...(file?.chunks() ?? [])].map(String).join(''));
  const { work } = await readProvenance(place);
  const { tiers, annotations, schemes, traces } = SOURCES.input;
  expect(work).toMatchObject({ tiers, annotations, schemes, traces });
});
