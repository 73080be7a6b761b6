import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../../electron/cli/features.js';
import { acousticFunctionalNames } from '../../../electron/perception/audio/functionals.js';

let folder: string;
let stderr: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lacuna-features-'));
  stderr = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** A mono 16-bit wav file of a harmonic tone. */
function wav(seconds: number, hz: number): Buffer {
  const samples = Math.round(seconds * 16_000);
  const file = Buffer.alloc(44 + 2 * samples);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + 2 * samples, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(16_000, 24);
  file.writeUInt32LE(32_000, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(2 * samples, 40);
  for (let i = 0; i < samples; i++) {
    const phase = (2 * Math.PI * hz * i) / 16_000;
    file.writeInt16LE(Math.round(6000 * Math.sin(phase) + 3000 * Math.sin(2 * phase)), 44 + 2 * i);
  }
  return file;
}

async function recordings(files: Readonly<Record<string, Buffer>>): Promise<string> {
  const inputs = path.join(folder, 'in');
  await mkdir(inputs);
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(inputs, name), content);
  return inputs;
}

describe('features', () => {
  it('writes one row per recording in the order of ids.txt, with names for every column', async () => {
    const inputs = await recordings({ 'b low.wav': wav(0.6, 110), 'a high.wav': wav(0.6, 220) });
    const out = path.join(folder, 'out');
    expect(await main([inputs, '--out', out])).toBe(0);
    expect((await readdir(out)).sort()).toEqual(['audio.npy', 'features.json', 'ids.txt', 'names.txt']);
    expect(await readFile(path.join(out, 'ids.txt'), 'utf8')).toBe('a high\nb low\n');
    const names = (await readFile(path.join(out, 'names.txt'), 'utf8')).trimEnd().split('\n');
    expect(names).toEqual(acousticFunctionalNames());
    const file = await readFile(path.join(out, 'audio.npy'));
    const values = new Float32Array(file.buffer.slice(file.byteOffset + 10 + file.readUInt16LE(8), file.byteOffset + file.length)); // prettier-ignore
    expect(values.length).toBe(2 * names.length);
    const pitch = names.findIndex((name) => name.startsWith('f0.mean'));
    expect(values[pitch]! - values[names.length + pitch]!).toBeCloseTo(12, 1);
  });

  it('writes contours of the voice over the spoken stretch, NaN where nothing is voiced', async () => {
    const inputs = await recordings({ 'tone.wav': wav(0.6, 110) });
    const out = path.join(folder, 'out');
    expect(await main([inputs, '--out', out, '--curves'])).toBe(0);
    const names = (await readFile(path.join(out, 'curve_names.txt'), 'utf8')).trimEnd().split('\n');
    expect(names.slice(0, 3)).toEqual(['start[s]', 'end[s]', 'pitch.0[semitones re 27.5 Hz]']);
    const file = await readFile(path.join(out, 'curves.npy'));
    const values = new Float32Array(file.buffer.slice(file.byteOffset + 10 + file.readUInt16LE(8), file.byteOffset + file.length)); // prettier-ignore
    expect(values).toHaveLength(names.length);
    expect(values[2 + 8]).toBeCloseTo(24, 1);
  });

  it('lists recordings that failed, measures the others and says so in the exit code', async () => {
    const inputs = await recordings({
      'good.wav': wav(0.5, 150),
      'bad.wav': Buffer.from('not sound'),
      'short.wav': wav(0.1, 150),
    });
    const out = path.join(folder, 'out');
    expect(await main([inputs, path.join(folder, 'nowhere.wav'), '--out', out])).toBe(1);
    for (const name of ['bad.wav', 'short.wav', 'nowhere.wav']) expect(stderr).toMatch(new RegExp(`failed: .*${name}`));
    expect(await readFile(path.join(out, 'ids.txt'), 'utf8')).toBe('good\n');
    const description = JSON.parse(await readFile(path.join(out, 'features.json'), 'utf8')) as { failures: unknown[] };
    expect(description.failures).toHaveLength(3);
  });

  it('two recordings of one name are not mixed up', async () => {
    const inputs = await recordings({ 'same.wav': wav(0.5, 150), 'same.flac': wav(0.5, 150) });
    expect(await main([inputs, '--out', path.join(folder, 'out')])).toBe(1);
    expect(stderr).toContain('rename one of the two');
  });

  it('writes nothing when nothing could be measured', async () => {
    const inputs = await recordings({ 'bad.wav': Buffer.from('not sound') });
    expect(await main([inputs, '--out', path.join(folder, 'out')])).toBe(1);
    expect(await readdir(folder)).toEqual(['in']);
  });

  it.each([[[]], [['a.wav']], [['--out', 'x']], [['a.wav', '--out', 'x', '--nonsense']]])('explains its use for %j', async (argv) => {
    expect(await main(argv)).toBe(2);
    expect(stderr).toContain('usage: features');
  }); // prettier-ignore
});
