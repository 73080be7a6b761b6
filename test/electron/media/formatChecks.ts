/** What must hold for every container and every ffmpeg build. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaPrograms, type MediaProgram } from '../../../electron/media/ffmpegPrograms.js';
import { probeMedia } from '../../../electron/media/probe.js';
import {
  burstInput,
  CONTENT_SECONDS,
  EVENT_SECONDS,
  flashInput,
  FRAME_MS,
  h264,
  hear,
  mediaFolder,
  watch,
  type MediaFolder,
} from './mediaFiles.js';

const both = [...flashInput, ...burstInput];
const EVENT_MS = EVENT_SECONDS * 1000;

/** Lossy codecs start before their first sample; some containers then move both tracks later by that much. */
const PRIMING_MS = 30;

const films: readonly (readonly [name: string, args: readonly string[], movedMs: number])[] = [
  ['film.mp4', [...both, ...h264, '-c:a', 'aac'], 0],
  ['film.mov', [...both, ...h264, '-c:a', 'aac'], 0],
  ['film.mkv', [...both, ...h264, '-c:a', 'flac'], 0],
  ['film.webm', [...both, '-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libvorbis'], PRIMING_MS],
  ['film.avi', [...both, '-c:v', 'mpeg4', '-c:a', 'pcm_s16le'], 0],
];

const sounds: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['voice.wav', burstInput],
  ['voice.flac', burstInput],
  ['voice.mp3', [...burstInput, '-c:a', 'libmp3lame']],
  ['voice.m4a', [...burstInput, '-c:a', 'aac']],
  ['voice.ogg', [...burstInput, '-c:a', 'libvorbis']],
  ['voice.opus.ogg', [...burstInput, '-c:a', 'libopus']],
];

/** @param source the build that must be in use */
export function checkFormats(source: MediaProgram['source'] | undefined): void {
  let folder: MediaFolder;
  beforeAll(async () => {
    if (source) expect((await mediaPrograms()).ffmpeg.source).toBe(source);
    folder = await mediaFolder();
  });
  afterAll(() => folder.remove());

  describe.each(films)('%s', (name, args, movedMs) => {
    it('has flash and burst at their time, together', async () => {
      const file = await folder.make(name, args);
      const { info, problems } = await probeMedia(file);
      const heard = await hear(file, info);
      const seen = await watch(file, info, 25);
      expect(problems).toEqual([]);
      expect([...heard.outcome.problems, ...seen.outcome.problems]).toEqual([]);
      expect(Math.abs(heard.burstMs - EVENT_MS)).toBeLessThanOrEqual(1 + movedMs);
      expect(Math.abs(seen.flashMs - EVENT_MS)).toBeLessThanOrEqual(movedMs);
      expect(Math.abs(heard.burstMs - seen.flashMs)).toBeLessThanOrEqual(1);
      expect(heard.peak).toBeGreaterThan(0.7);
      expect(seen.timesMs).toHaveLength(CONTENT_SECONDS * 25);
      expect(Math.abs(info.duration / 1000 - CONTENT_SECONDS * 1000)).toBeLessThanOrEqual(FRAME_MS);
      expect(info.video).toMatchObject({ width: 160, height: 120, framesPerSecond: 25, rotationDegrees: 0 });
      expect(info.audio).toMatchObject({ sampleRateHz: 48_000, channels: 1 });
    });
  });

  describe.each(sounds)('%s', (name, args) => {
    it('has the burst at its time and no picture', async () => {
      const file = await folder.make(name, args);
      const { info, problems } = await probeMedia(file);
      const heard = await hear(file, info);
      expect([...problems, ...heard.outcome.problems]).toEqual([]);
      expect(Math.abs(heard.burstMs - EVENT_MS)).toBeLessThanOrEqual(1);
      expect(info.video).toBeUndefined();
      expect(Math.abs(info.duration / 1000 - CONTENT_SECONDS * 1000)).toBeLessThanOrEqual(50);
    });
  });
}
