import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaPrograms } from '../../../electron/media/ffmpegPrograms.js';
import { probeMedia } from '../../../electron/media/probe.js';
import { readFrameTimes } from '../../../electron/tracks/frameTimes.js';
import { BANDS, SpectrogramColumns } from '../../../electron/tracks/spectrogramColumns.js';
import { makeTracks, SpectrogramTiles } from '../../../electron/tracks/trackCache.js';
import { burstInput, flashInput, h264, mediaFolder, type MediaFolder } from '../media/mediaFiles.js';

let media: MediaFolder;
let film: string;
let variable: string;
let tracksDir: string;
const context = () => ({ signal: new AbortController().signal, onProgress: () => undefined });

beforeAll(async () => {
  media = await mediaFolder();
  tracksDir = path.join(media.path, 'tracks');
  film = await media.make('film.mp4', [...flashInput, ...burstInput, ...h264, '-c:a', 'aac', '-shortest']);
  // two of every three frames are dropped in the second half, as a phone does when it is dark
  const drop = "select='lt(t,1)+not(mod(n,3))'";
  const { ffmpeg } = await mediaPrograms();
  const variableRate = [ffmpeg.libavutil[0] >= 58 ? '-fps_mode' : '-vsync', 'vfr'];
  variable = await media.make('variable.mp4', [...flashInput, '-vf', drop, ...variableRate, ...h264, '-bf', '2']);
});
afterAll(() => media.remove());

describe('frame times', () => {
  it('of a steady film are every 40 ms from its start', async () => {
    const { info } = await probeMedia(film);
    const times = await readFrameTimes(film, info);
    expect([...times]).toEqual(Array.from({ length: 50 }, (_, frame) => frame * 40_000));
  });

  it('of a film with dropped frames are where the frames are, in order, though stored in another', async () => {
    const { info } = await probeMedia(variable);
    const times = [...(await readFrameTimes(variable, info))];
    const steps = new Set(times.slice(1).map((time, index) => time - times[index]!));
    expect(steps).toEqual(new Set([40_000, 80_000, 120_000].filter((step) => steps.has(step))));
    expect(steps).toContain(120_000);
    expect(times.slice(0, 25)).toEqual(Array.from({ length: 25 }, (_, frame) => frame * 40_000));
  });

  it('of sound alone are none', async () => {
    const sound = await media.make('sound.wav', burstInput);
    const { info } = await probeMedia(sound);
    expect(await readFrameTimes(sound, info)).toHaveLength(0);
  });
});

describe('the spectrogram', () => {
  it('shows a full-scale tone in its band at 0 dB, and silence as 0', () => {
    const columns = new SpectrogramColumns();
    const tone = Float32Array.from({ length: 16_000 }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / 16_000));
    const made = columns.push(tone);
    const column = made.subarray(50 * BANDS, 51 * BANDS);
    const loudest = Math.max(...column);
    expect(Math.abs(loudest - 240)).toBeLessThanOrEqual(2);
    // 1000 Hz lies at (999.99 - 92.6) / (2840 - 92.6) of the mel range
    expect(Math.abs(column.indexOf(loudest) - Math.floor(0.3302 * BANDS))).toBeLessThanOrEqual(1);
    expect(Math.max(...new SpectrogramColumns().push(new Float32Array(16_000)))).toBe(0);
  });

  it('has one column per 10 ms, however the samples come in pieces', () => {
    const samples = Float32Array.from({ length: 20_000 }, (_, i) => Math.sin(i * i * 1e-5));
    const whole = new SpectrogramColumns();
    const expected = Buffer.concat([whole.push(samples), whole.end()]);
    expect(expected.length / BANDS).toBe(125);
    const pieces = new SpectrogramColumns();
    const made: Uint8Array[] = [];
    for (let at = 0; at < samples.length; at += 777) made.push(pieces.push(samples.subarray(at, at + 777)));
    expect(Buffer.concat([...made, pieces.end()]).equals(expected)).toBe(true);
  });

  it('is made once, kept, and read tile by tile; the burst is where it is heard, in every resolution', async () => {
    const request = { path: film, recordingId: 'rec-film', tracksDir };
    const made = await makeTracks(request, context());
    const kept = await readdir(tracksDir);
    expect(kept.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    // the film may be gone by now: what is kept is enough
    const again = await makeTracks({ ...request, path: '/nowhere' }, context());
    expect(again).toEqual(made);
    const tiles = new SpectrogramTiles(tracksDir);
    const { levels, bands } = made.spectrogram!;
    expect(levels.map((level) => level.hop)).toEqual([10_000, 40_000]);
    for (const [level, { hop }] of levels.entries()) {
      const bytes = (await tiles.read('rec-film', level, 0))!;
      const power = Array.from({ length: bytes.length / bands }, (_, c) =>
        bytes.subarray(c * bands, (c + 1) * bands).reduce((sum, byte) => sum + byte, 0),
      );
      const at = power.indexOf(Math.max(...power)) * hop;
      expect(at).toBeGreaterThanOrEqual(960_000);
      expect(at).toBeLessThanOrEqual(1_080_000);
    }
    expect(await tiles.read('rec-film', 0, 99)).toBeUndefined();
    expect(await tiles.read('rec-other', 0, 0)).toBeUndefined();
  });

  it('a damaged or half-deleted cache is made again', async () => {
    const request = { path: film, recordingId: 'rec-damaged', tracksDir };
    const made = await makeTracks(request, context());
    await writeFile(path.join(tracksDir, 'rec-damaged-1.json'), '{"frameTimes":[1');
    expect(await makeTracks(request, context())).toEqual(made);
    await rm(path.join(tracksDir, 'rec-damaged-1.spectrogram'));
    expect(await makeTracks(request, context())).toEqual(made);
  });

  it('cancelled leaves nothing behind', async () => {
    const abort = new AbortController();
    const running = makeTracks(
      { path: film, recordingId: 'rec-cancelled', tracksDir },
      { signal: abort.signal, onProgress: ({ stepNumber }) => stepNumber === 2 && abort.abort() },
    );
    await expect(running).rejects.toThrow();
    expect((await readdir(tracksDir)).filter((name) => name.startsWith('rec-cancelled'))).toEqual([]);
  });
});
