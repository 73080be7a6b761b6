import ffmpegInstaller from '@ffmpeg-installer/ffmpeg';
import { sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  locateMediaPrograms,
  newestOf,
  outsideArchive,
  parseVersion,
  type MediaProgram,
} from '../../../electron/media/ffmpegPrograms.js';

function program(libavutil: MediaProgram['libavutil'], source: MediaProgram['source']): MediaProgram {
  return { name: 'ffmpeg', path: source, version: 'any', libavutil, source };
}

describe('which ffmpeg is used', () => {
  it('the newer one, by library version, the first of equals', () => {
    const [old, recent] = [program([56, 24, 101], 'packaged'), program([57, 28, 100], 'system')];
    expect(newestOf([old, recent])).toBe(recent);
    expect(newestOf([recent, old])).toBe(recent);
    expect(newestOf([recent, program([57, 28, 100], 'packaged')])).toBe(recent);
    expect(newestOf([])).toBeUndefined();
  });

  it('versions of release and nightly builds are read; other programs are not taken for ffmpeg', () => {
    const nightly =
      'ffmpeg version N-47683-g0e8eb07980-static https://x Copyright\nlibavutil      56. 24.101 / 56. 24.101\n';
    expect(parseVersion('ffmpeg', nightly)).toEqual({
      version: 'N-47683-g0e8eb07980-static',
      libavutil: [56, 24, 101],
    });
    expect(parseVersion('ffprobe', nightly)).toBeUndefined();
    expect(parseVersion('ffmpeg', 'v20.20.2\n')).toBeUndefined();
  });

  it('the one that the person names comes first', async () => {
    const { ffmpeg } = await locateMediaPrograms({ LACUNA_FFMPEG: ffmpegInstaller.path });
    expect(ffmpeg).toMatchObject({ path: ffmpegInstaller.path, source: 'environment' });
  });

  it('a named program that is not ffmpeg is an error that names variable and program, not passed over', async () => {
    await expect(locateMediaPrograms({ LACUNA_FFMPEG: process.execPath })).rejects.toMatchObject({
      problem: { code: 'media.no_ffmpeg', message: expect.stringContaining(process.execPath) as string },
    });
    await expect(locateMediaPrograms({ LACUNA_FFPROBE: '/nowhere/ffprobe' })).rejects.toMatchObject({
      problem: { code: 'media.no_ffprobe', tip: expect.stringContaining('LACUNA_FFPROBE') as string },
    });
  });

  it('in a packaged app the program lies beside the archive', () => {
    const inside = ['', 'opt', 'Lacuna', 'resources', 'app.asar', 'node_modules', 'ffmpeg'].join(sep);
    expect(outsideArchive(inside)).toBe(inside.replace('app.asar', 'app.asar.unpacked'));
    expect(outsideArchive('/usr/bin/ffmpeg')).toBe('/usr/bin/ffmpeg');
  });
});
