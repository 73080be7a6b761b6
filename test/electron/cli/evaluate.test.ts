import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../../electron/cli/evaluate.js';

const root = path.resolve(import.meta.dirname, '../../..');
const data = path.resolve(root, '../shared/data/mosi/utterance_vectors.npz');
const bundleFolder = path.join(root, 'models/bundles/mosi-utterance');

let folder: string;
let stdout: string;
let stderr: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lacuna-evaluate-'));
  [stdout, stderr] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** Cells of the card's table of the shipped weights: ACC2, F1, ACC7, MAE, r, coverage by availability. */
async function cardTable(): Promise<ReadonlyMap<string, readonly string[]>> {
  const card = await readFile(path.join(bundleFolder, 'CARD.md'), 'utf8');
  const section = card.split(/^## /m).find((part) => part.startsWith('The shipped weights')) ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| available'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, name, ...cells]): [string, string[]] => [name ?? '', cells.slice(0, -1)]);
  return new Map(rows);
}

interface Manifest {
  format: number;
  sampler: { steps: number };
}

/** A folder with the benchmark bundle, its manifest changed. */
async function changedBundle(change: (manifest: Manifest) => void): Promise<string> {
  const copy = path.join(folder, 'bundles', 'mosi-utterance');
  await cp(bundleFolder, copy, { recursive: true });
  const file = path.join(copy, 'bundle.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
  change(manifest);
  await writeFile(file, JSON.stringify(manifest));
  return folder;
}

describe('evaluate', () => {
  it.skipIf(!existsSync(data))(
    'repeats the table of the card to rounding, in print and as JSON',
    async () => {
      const json = path.join(folder, 'table.json');
      expect(await main(['--bundle', 'mosi-utterance', '--data', data, '--seed', '1', '--json', json])).toBe(0);
      const table = JSON.parse(await readFile(json, 'utf8')) as {
        patterns: Record<string, Record<string, number>>;
        avg6: Record<string, number>;
        avg7: Record<string, number>;
        coverage: Record<string, number>;
        ms_per_segment: number;
      };
      const card = await cardTable();
      expect([...card.keys()]).toEqual(['T', 'A', 'V', 'TA', 'TV', 'AV', 'TAV', 'avg6', 'avg7']);
      for (const [name, cells] of card) {
        const cell = table.patterns[name] ?? table[name as 'avg6' | 'avg7'];
        const share = (key: string): string => (100 * (cell[key] ?? Number.NaN)).toFixed(1);
        const three = (key: string): string => (cell[key] ?? Number.NaN).toFixed(3);
        const shown = [share('acc2'), share('f1'), share('acc7'), three('mae'), three('corr')];
        expect(shown, `card and measurement of ${name}`).toEqual(cells.slice(0, 5));
        const covered = table.coverage[name];
        if (covered !== undefined) expect((100 * covered).toFixed(1)).toBe(cells[5]);
        const printed =
          stdout.split('\n').find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()} `)) ?? '';
        expect(printed.trim().split(/\s+/).slice(1, 6)).toEqual(shown);
      }
      expect(table.ms_per_segment).toBeGreaterThan(0);
    },
    600_000,
  );

  it.each([
    ['--samples', '0'],
    ['--samples', '2.5'],
    ['--samples', '5000'],
    ['--seed', '-1'],
    ['--seed', 'one'],
  ])('refuses %s %s as wrong usage', async (option, value) => {
    const args = ['--bundle', 'mosi-utterance', '--data', 'x.npz', `${option}=${value}`];
    expect(await main(args)).toBe(2);
    expect(stderr).toContain(`${option} ${value}: a whole number from`);
  });

  it('refuses more samples than the bundle allows, before it reads the data, and writes nothing', async () => {
    const json = path.join(folder, 'table.json');
    const args = ['--bundle', 'mosi-utterance', '--data', 'absent.npz', '--samples', '65', '--json', json];
    expect(await main(args)).not.toBe(0);
    expect(stderr).toContain('65 samples were asked for, the bundle allows 64');
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a bundle of another version of the format and says what to do', async () => {
    const models = await changedBundle((manifest) => (manifest.format = 2));
    expect(await main(['--bundle', 'mosi-utterance', '--data', 'absent.npz', '--models', models])).toBe(4);
    expect(stderr).toContain('bundle.json has format 2, this version of Lacuna reads format 1');
    expect(stderr).toContain('Install a newer version of Lacuna');
  });

  it('refuses a bundle whose sampler asks for no steps', async () => {
    const models = await changedBundle((manifest) => {
      manifest.sampler.steps = 0;
    });
    expect(await main(['--bundle', 'mosi-utterance', '--data', 'absent.npz', '--models', models])).toBe(4);
    expect(stderr).toContain('bundle.json does not fit at sampler.steps');
  });

  it('refuses a bundle that is for recordings', async () => {
    expect(await main(['--bundle', 'speech-face-en', '--data', 'absent.npz'])).not.toBe(0);
    expect(stderr).toContain('names no benchmark data');
  });
});
