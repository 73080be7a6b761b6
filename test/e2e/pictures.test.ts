import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

describe('pictures and the report on a page', () => {
  it('are saved as SVG and PNG, HTML and PDF, with checksums', async () => {
    const folder = await freshFolder('pictures');
    try {
      await using running = await launchApp();
      const workbench = new WorkbenchPage(running);
      await workbench.openSample();
      await running.page.keyboard.press('3');
      expect(await workbench.runJob('analyze', () => workbench.runRecovery.click())).toBe('finished');
      await savePictures(workbench, folder);
      await exportPage(workbench, path.join(folder, 'report'));
      const file = path.join(folder, 'crowded.srt');
      await writeFile(file, crowdedTranscript());
      await workbench.answerDialogs([file]);
      expect(await workbench.runJob('import', () => command(workbench, 'Import a transcript'))).toBe('finished');
      const importing = running.page.getByRole('dialog', { name: 'Import annotations' });
      await importing.getByRole('button', { name: 'Import', exact: true }).click();
      await importing.waitFor({ state: 'detached' });
      expect(await workbench.runJob('analyze', () => command(workbench, 'Run recovery'))).toBe('finished');
      expect(pagesOf(await printedPage(workbench, path.join(folder, 'crowded')))).toBe(1);
    } finally {
      if (process.env['KEEP_PICTURES'] === undefined) await rm(folder, { recursive: true, force: true });
    }
  }, 300_000);
});

/** Short cues close together, every third one after its own end: segments and problems by the dozen. */
function crowdedTranscript(): string {
  const time = (seconds: number) => `00:00:${seconds.toFixed(3).padStart(6, '0').replace('.', ',')}`;
  return Array.from({ length: 120 }, (_, index) => {
    const start = 0.5 + index * 0.35;
    const end = index % 3 === 2 ? start - 0.1 : start + 0.3;
    return `${index + 1}\n${time(start)} --> ${time(end)}\nWord ${index + 1} of many, and of too many for a page\n`;
  }).join('\n');
}

/** Prints the page of a recording; answers with its bytes. */
async function printedPage(workbench: WorkbenchPage, folder: string): Promise<Buffer> {
  await workbench.exportReport.click();
  const dialog = workbench.page.getByRole('dialog', { name: 'Export report' });
  await dialog.getByRole('checkbox', { name: /^Page as PDF/ }).check();
  await workbench.answerDialogs([folder]);
  const start = () => dialog.getByRole('button', { name: 'Export', exact: true }).click();
  expect(await workbench.runJob('export', start)).toBe('finished');
  return readFile(path.join(folder, 'report.pdf'));
}

/** A picture of a whole recording. */
const save = (workbench: WorkbenchPage, title: string, file: string, format: 'SVG' | 'PNG'): Promise<void> =>
  workbench.savePicture(title, file, format, { leastWidth: 900, seen: `pictures-${path.basename(file)}` });

async function savePictures(workbench: WorkbenchPage, folder: string): Promise<void> {
  const svg = path.join(folder, 'timeline.svg');
  await save(workbench, 'Timeline, whole recording', svg, 'SVG');
  const text = await readFile(svg, 'utf8');
  expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(text).toContain('Bundle speech-face-en');
  expect(text).toContain('rec. V');
  await workbench.page.getByRole('button', { name: 'Dark' }).click();
  for (const [choice, name] of [
    ['Sentiment curve', 'sentiment.png'],
    ['State of each modality', 'states.png'],
  ] as const) {
    await save(workbench, choice, path.join(folder, name), 'PNG');
    const png = await readFile(path.join(folder, name));
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    expect(png.readUInt32BE(16)).toBe(2 * 984);
  }
  await workbench.page.getByRole('button', { name: 'Light' }).click();
}

async function command({ page }: WorkbenchPage, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(title);
  await page.keyboard.press('Enter');
}

const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;

async function exportPage(workbench: WorkbenchPage, folder: string): Promise<void> {
  const { page } = workbench;
  await workbench.exportReport.click();
  const dialog = page.getByRole('dialog', { name: 'Export report' });
  await dialog.getByRole('checkbox', { name: /^Page as HTML/ }).check();
  await dialog.getByRole('checkbox', { name: /^Page as PDF/ }).check();
  await workbench.screenshot('pictures-export');
  await workbench.answerDialogs([folder]);
  const written = await workbench.runJob('export', () =>
    dialog.getByRole('button', { name: 'Export', exact: true }).click(),
  );
  expect(written).toBe('finished');
  const sums = await readFile(path.join(folder, 'SHA256SUMS'), 'utf8');
  for (const name of ['report.html', 'report.pdf']) {
    const bytes = await readFile(path.join(folder, name));
    expect(sums).toContain(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
  }
  const pdf = await readFile(path.join(folder, 'report.pdf'));
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.length).toBeGreaterThan(20_000);
  expect(pagesOf(pdf)).toBe(1);
  expect(await readFile(path.join(folder, 'report.html'), 'utf8')).toContain('<h2>Main figures</h2>');
  expect(await workbench.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
}
