import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeFrames, sampledSize } from '../../../electron/media/decodeFrames.js';
import { mediaPrograms } from '../../../electron/media/ffmpegPrograms.js';
import { probeMedia } from '../../../electron/media/probe.js';
import { burstInput, flashInput, h264, hear, mediaFolder, watch, type MediaFolder } from './mediaFiles.js';

describe('one clock for sound and picture', () => {
  let folder: MediaFolder;
  let film: string;
  beforeAll(async () => {
    folder = await mediaFolder();
    film = await folder.make('film.mkv', [...flashInput, ...burstInput, ...h264, '-c:a', 'pcm_s16le']);
  });
  afterAll(() => folder.remove());

  it('a sound track that starts late is led by silence', async () => {
    const args = ['-i', film, '-itsoffset', '0.5', '-i', film, '-map', '0:v', '-map', '1:a', '-c', 'copy'];
    const file = await folder.make('late sound.mkv', args);
    const { info } = await probeMedia(file);
    const heard = await hear(file, info);
    const seen = await watch(file, info, 25);
    expect(info.audio?.start).toBe(500_000);
    expect(Math.abs(heard.burstMs - 1500)).toBeLessThanOrEqual(1);
    expect(heard.samples.slice(0, 7990).every((sample) => sample === 0)).toBe(true);
    expect(seen.flashMs).toBe(1000);
    expect(info.duration).toBe(2_500_000);
  });

  it('a picture track that starts late keeps its own times', async () => {
    const args = ['-i', film, '-itsoffset', '0.52', '-i', film, '-map', '1:v', '-map', '0:a', '-c', 'copy'];
    const file = await folder.make('late picture.mp4', [...args, '-c:a', 'aac']);
    const { info } = await probeMedia(file);
    const heard = await hear(file, info);
    const seen = await watch(file, info, 25);
    expect(Math.abs(heard.burstMs - 1000)).toBeLessThanOrEqual(1);
    expect(Math.abs(seen.flashMs - 1520)).toBeLessThanOrEqual(1);
    expect(Math.abs(seen.timesMs[0]! - 520)).toBeLessThanOrEqual(1);
  });

  it('a container that starts at 3 s has its first sample at 0', async () => {
    const late = ['-itsoffset', '3', '-i', film, '-itsoffset', '3.2', '-i', film];
    const file = await folder.make('late.mkv', [...late, '-map', '0:v', '-map', '1:a', '-c', 'copy']);
    const { info } = await probeMedia(file);
    const heard = await hear(file, info);
    const seen = await watch(file, info, 25);
    expect(info).toMatchObject({ containerStart: 3_000_000, duration: 2_200_000 });
    expect(info.video?.start).toBe(0);
    expect(seen.flashMs).toBe(1000);
    expect(Math.abs(heard.burstMs - 1200)).toBeLessThanOrEqual(1);
  });

  it('a variable frame rate keeps every presentation time, and frames are never repeated', async () => {
    const drop = "select='not(between(t,0.3,0.9))+between(t,0.559,0.561)',setpts=PTS+mod(N\\,3)*0.004/TB";
    const args = [...flashInput, '-vf', drop, '-vsync', '0', '-video_track_timescale', '90000', ...h264, '-bf', '0'];
    const file = await folder.make('vfr.mp4', args);
    const { info } = await probeMedia(file);
    const all = await watch(file, info, 1000);
    const sampled = await watch(file, info, 5);
    expect(new Set(all.timesMs).size).toBe(all.timesMs.length);
    expect(all.timesMs.filter((time) => time > 300 && time < 900)).toHaveLength(1);
    expect(all.timesMs.every((time) => sampled.timesMs.includes(time) || time % 200 !== 0)).toBe(true);
    expect(sampled.timesMs.every((time) => all.timesMs.includes(time))).toBe(true);
    const slots = sampled.timesMs.map((time) => Math.floor((time + 1) / 200));
    expect(new Set(slots).size).toBe(slots.length);
    expect(sampled.flashMs).toBeGreaterThanOrEqual(1000);
    expect(sampled.flashMs).toBeLessThanOrEqual(1040);
  });

  it('sparse sampling spares frames, yet every grid slot has a real frame with its own time', async () => {
    const args = [...flashInput, '-c:v', 'libx264', '-bf', '3', '-pix_fmt', 'yuv420p'];
    const file = await folder.make('b-frames.mp4', args);
    const { info } = await probeMedia(file);
    const all = await watch(file, info, 25);
    const sampled = await watch(file, info, 5);
    expect(all.timesMs).toHaveLength(50);
    expect(sampled.timesMs.map((time) => Math.floor((time + 1) / 200))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(sampled.timesMs.every((time) => all.timesMs.includes(time))).toBe(true);
    expect(sampled.outcome).toEqual(all.outcome);
  });

  it('gaps in the sound are filled, so that later sound stays at its time', async () => {
    const gap = "aselect='not(between(t,0.2,0.7))'";
    const file = await folder.make('gap.mkv', [...burstInput, '-af', gap, '-c:a', 'pcm_s16le']);
    const { info } = await probeMedia(file);
    expect(Math.abs((await hear(file, info)).burstMs - 1000)).toBeLessThanOrEqual(1);
  });

  it('rotation is applied once, and the size is the displayed one', async () => {
    const half = ['-f', 'lavfi', '-i', 'color=black:s=160x120:r=25:d=0.4,drawbox=x=0:w=80:h=120:color=white:t=fill'];
    const plain = await folder.make('plain.mp4', [...half, ...h264]);
    const modern = (await mediaPrograms()).ffmpeg.libavutil[0] >= 58;
    const rotated = modern ? ['-display_rotation', '90', '-i', plain] : ['-i', plain, '-metadata:s:v:0', 'rotate=90'];
    const file = await folder.make('rotated.mp4', [...rotated, '-c', 'copy']);
    const { info } = await probeMedia(file);
    expect(info.video).toMatchObject({ width: 120, height: 160 });
    expect([90, 270]).toContain(info.video?.rotationDegrees);
    for await (const { width, height, rgb } of decodeFrames(file, info, { rateHz: 5 })) {
      expect([width, height]).toEqual([120, 160]);
      const at = (x: number, y: number) => rgb[3 * (y * width + x)]!;
      // The white half lay on the left; upright it lies above (turned clockwise) or below, across the whole width.
      expect(Math.abs(at(10, 20) - at(110, 20))).toBeLessThan(30);
      expect(Math.abs(at(60, 20) - at(60, 140))).toBeGreaterThan(200);
      expect(at(60, 20) > 128).toBe(info.video?.rotationDegrees === 90);
    }
  });

  it('pixels that are not square are displayed at their aspect', async () => {
    const file = await folder.make('wide.mp4', [...flashInput, '-vf', 'setsar=2/1', '-t', '0.2', ...h264]);
    const { info } = await probeMedia(file);
    expect(info.video).toMatchObject({ width: 320, height: 120 });
    expect((await watch(file, info, 5)).size).toEqual({ width: 320, height: 120 });
  });

  it('large pictures are scaled to the longest side, small ones are left alone', () => {
    expect(sampledSize({ width: 1920, height: 1080 }, 640)).toEqual({ width: 640, height: 360 });
    expect(sampledSize({ width: 1080, height: 1920 }, 640)).toEqual({ width: 360, height: 640 });
    expect(sampledSize({ width: 160, height: 120 }, 640)).toEqual({ width: 160, height: 120 });
  });
});
