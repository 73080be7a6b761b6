import { mkdir, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProblemError, type Problem } from '../../../core/problems/problem.js';
import { decodeAudio } from '../../../electron/media/decodeAudio.js';
import { decodeFrames } from '../../../electron/media/decodeFrames.js';
import { probeMedia } from '../../../electron/media/probe.js';
import {
  burstInput,
  flashInput,
  h264,
  hear,
  mediaFolder,
  processesWith,
  watch,
  type MediaFolder,
} from './mediaFiles.js';

const LONG_SECONDS = 6;
/** Noise, so that the bytes spread evenly over the time. */
const noisyFilm = [
  ...['-f', 'lavfi', '-i', `nullsrc=s=64x48:r=25:d=${LONG_SECONDS},geq=random(1)*255:128:128`],
  ...['-f', 'lavfi', '-i', `aevalsrc=random(0)-0.5:s=48000:d=${LONG_SECONDS}`],
  ...h264,
  ...['-g', '10', '-c:a', 'aac'],
];

let folder: MediaFolder;
let indexFirst: string;
let indexLast: string;
beforeAll(async () => {
  folder = await mediaFolder();
  indexFirst = await folder.make('index first.mp4', [...noisyFilm, '-movflags', '+faststart']);
  indexLast = await folder.make('index last.mp4', ['-i', indexFirst, '-c', 'copy']);
});
afterAll(() => folder.remove());

async function problemOf(task: Promise<unknown>): Promise<Problem> {
  const error = await task.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProblemError);
  const { problem } = error as ProblemError;
  expect(problem.tip).not.toBe('');
  expect(problem.severity).toBe('error');
  return problem;
}

async function cutCopy(source: string, name: string, share: number): Promise<string> {
  const file = join(folder.path, name);
  const bytes = await readFile(source);
  await writeFile(file, bytes.subarray(0, Math.floor(bytes.length * share)));
  return file;
}

describe('files that are no recordings are refused with what and why', () => {
  it('a file of zero bytes', async () => {
    const file = join(folder.path, 'empty.mp4');
    await writeFile(file, '');
    const problem = await problemOf(probeMedia(file));
    expect(problem.code).toBe('media.empty');
    expect(problem.message).toContain('empty.mp4');
  });

  it.each(['renamed.mp4', 'renamed.wav', 'plain.txt', 'cues.srt'])('text called %s', async (name) => {
    const file = join(folder.path, name);
    await writeFile(file, '1\n00:00:01,000 --> 00:00:02,000\nThis is no recording.\n\n'.repeat(50));
    const problem = await problemOf(probeMedia(file));
    expect(['media.not_media', 'media.no_streams']).toContain(problem.code);
    expect(problem.message).toContain(name);
  });

  it('a folder, a missing file, an MP4 without its index', async () => {
    const inside = join(folder.path, 'folder.mp4');
    await mkdir(inside);
    expect((await problemOf(probeMedia(inside))).code).toBe('media.not_a_file');
    expect((await problemOf(probeMedia(join(folder.path, 'nowhere.mp4')))).code).toBe('media.not_found');
    const unfinished = await cutCopy(indexLast, 'unfinished.mp4', 0.6);
    expect((await problemOf(probeMedia(unfinished))).code).toBe('media.no_index');
  });

  it('a still picture, and a playlist that points to other files', async () => {
    const picture = await folder.make('still.png', [...flashInput, '-frames:v', '1']);
    expect((await problemOf(probeMedia(picture))).code).toBe('media.still_image');
    const playlist = join(folder.path, 'list.m3u8');
    await writeFile(playlist, `#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n${indexFirst}\n#EXT-X-ENDLIST\n`);
    expect(['media.playlist', 'media.not_media']).toContain((await problemOf(probeMedia(playlist))).code);
  });
});

describe('damaged recordings give what can be decoded and say what is lost', () => {
  it('an MP4 cut at 60 % is a problem with the time range of the lost rest, per track', async () => {
    const file = await cutCopy(indexFirst, 'cut.mp4', 0.6);
    const { info } = await probeMedia(file);
    expect(info.duration).toBe(LONG_SECONDS * 1_000_000);
    const heard = await hear(file, info);
    const seen = await watch(file, info, 5);
    for (const { decodedEnd, problems } of [heard.outcome, seen.outcome]) {
      expect(decodedEnd).toBeGreaterThan(0.4 * info.duration);
      expect(decodedEnd).toBeLessThan(0.8 * info.duration);
      expect(problems.map(({ code, range }) => ({ code, range }))).toEqual([
        { code: 'media.truncated', range: { start: decodedEnd, end: info.duration } },
      ]);
    }
    expect(seen.timesMs.at(-1)! * 1000).toBeLessThan(seen.outcome.decodedEnd);
    expect(heard.samples.length / 16_000).toBeCloseTo(heard.outcome.decodedEnd / 1e6, 4);
  });

  it('a wav cut at 60 % says what is lost', async () => {
    const whole = await folder.make('whole.wav', ['-i', indexFirst, '-vn', '-t', String(LONG_SECONDS)]);
    const file = await cutCopy(whole, 'cut.wav', 0.6);
    const { info } = await probeMedia(file);
    const { outcome } = await hear(file, info);
    expect(outcome.decodedEnd / 1e6).toBeCloseTo(0.6 * LONG_SECONDS, 1);
    expect(info.duration).toBe(LONG_SECONDS * 1_000_000);
    expect(outcome.problems).toMatchObject([
      { code: 'media.truncated', range: { start: outcome.decodedEnd, end: info.duration } },
    ]);
  });

  it('a wav that was written to a pipe, its size left open, is whole', async () => {
    const file = await cutCopy(await folder.make('piped.wav', ['-i', indexFirst, '-vn']), 'open.wav', 1);
    const bytes = await readFile(file);
    bytes.writeUInt32LE(0xffff_ffff, bytes.indexOf('data', 0, 'latin1') + 4);
    await writeFile(file, bytes);
    const { info } = await probeMedia(file);
    expect(info.duration / 1e6).toBeCloseTo(LONG_SECONDS, 1);
    expect((await hear(file, info)).outcome.problems).toEqual([]);
  });

  it('bytes overwritten in the middle are reported, and the time goes on', async () => {
    const file = await cutCopy(indexFirst, 'scratched.mp4', 1);
    const handle = await open(file, 'r+');
    const { size } = await handle.stat();
    await handle.write(Buffer.alloc(Math.floor(size / 10), 0x55), 0, null, Math.floor(size / 2));
    await handle.close();
    const { info } = await probeMedia(file);
    const seen = await watch(file, info, 5);
    expect(seen.outcome.problems.map(({ code }) => code)).toEqual(['media.damaged']);
    expect(seen.outcome.decodedEnd).toBe(info.video?.end);
  });

  it('a track of which nothing can be decoded is an error that names the track', async () => {
    const file = await cutCopy(indexFirst, 'scrambled.mp4', 1);
    const bytes = await readFile(file);
    const data = bytes.indexOf('mdat', 0, 'latin1') + 4;
    await writeFile(file, Buffer.concat([bytes.subarray(0, data), Buffer.alloc(bytes.length - data, 0xff)]));
    const { info } = await probeMedia(file);
    expect((await problemOf(watch(file, info, 5))).code).toBe('media.visual_undecodable');
    await truncate(file, data);
    expect((await problemOf(hear(file, info))).code).toBe('media.audio_undecodable');
  });
});

describe('small and odd recordings', () => {
  it('a film of one frame', async () => {
    const file = await folder.make('one frame.mp4', [...flashInput, '-frames:v', '1', ...h264]);
    const { info } = await probeMedia(file);
    const seen = await watch(file, info, 5);
    expect(seen.timesMs).toEqual([0]);
    expect(seen.outcome).toEqual({ decodedEnd: 40_000, problems: [] });
    expect(info.audio).toBeUndefined();
  });

  it('0.2 s of sound', async () => {
    const file = await folder.make('short.wav', [...burstInput, '-t', '0.2']);
    const { info } = await probeMedia(file);
    const heard = await hear(file, info);
    expect(info.duration).toBe(200_000);
    expect(heard.samples).toHaveLength(3200);
    expect(heard.outcome).toEqual({ decodedEnd: 200_000, problems: [] });
  });

  it('eight channels at 96 kHz are averaged, and a note says so', async () => {
    const levels = ['0.8', '0', '0', '0', '0', '0', '0', '0.8'].map((level) => `${level}*sin(2*PI*100*t)`).join('|');
    const input = ['-f', 'lavfi', '-i', `aevalsrc=${levels}:s=96000:d=1.5`, '-c:a', 'pcm_s24le'];
    const file = await folder.make('eight.wav', input);
    const { info } = await probeMedia(file);
    const heard = await hear(file, info);
    expect(info.audio).toMatchObject({ channels: 8, sampleRateHz: 96_000 });
    expect(heard.peak).toBeCloseTo(0.2, 2);
    expect(heard.samples).toHaveLength(24_000);
    expect(heard.outcome.problems).toMatchObject([{ code: 'media.channels_averaged', severity: 'note' }]);
  });

  it.each([
    ['unicode', 'Gespräch 面接 🎙️ أ.wav'],
    ['quotes, spaces and signs', `-y it's "50%" [1];a=b,c:d%03d.wav`],
    ['very long', `${'long name '.repeat(24)}.wav`],
  ])('a name that is %s', async (_, name) => {
    const plain = await folder.make('plain.wav', [...burstInput, '-t', '0.2']);
    const file = join(folder.path, name);
    await writeFile(file, await readFile(plain));
    const { info } = await probeMedia(file);
    expect((await hear(file, info)).samples).toHaveLength(3200);
  });

  it('cover art is no picture track', async () => {
    const cover = await folder.make('cover.png', [...flashInput, '-frames:v', '1']);
    const inputs = [...burstInput, '-i', cover, '-map', '0:a', '-map', '1:v', '-c:a', 'libmp3lame', '-c:v', 'copy'];
    const file = await folder.make('song.mp3', [...inputs, '-id3v2_version', '3', '-disposition:v:0', 'attached_pic']);
    const { info } = await probeMedia(file);
    expect(info.video).toBeUndefined();
    expect(info.audio?.codec).toBe('mp3');
  });

  it('a file that was streamed, its header without duration, as browsers record', async () => {
    const live = [...h264, '-c:a', 'pcm_s16le', '-live', '1', '-f', 'matroska'];
    const file = await folder.make('live.mkv', [...flashInput, ...burstInput, ...live]);
    const { info } = await probeMedia(file);
    expect(Math.abs(info.duration - 2_000_000)).toBeLessThan(60_000);
    expect((await watch(file, info, 5)).outcome.problems).toEqual([]);
  });

  it('several sound tracks: the first is used, and a note says so', async () => {
    const args = ['-i', indexFirst, '-map', '0:v', '-map', '0:a', '-map', '0:a', '-c', 'copy'];
    const { problems } = await probeMedia(await folder.make('two tracks.mkv', args));
    expect(problems).toMatchObject([{ code: 'media.several_audio_tracks', severity: 'note', modality: 'audio' }]);
  });
});

describe('stopping', () => {
  const onLinux = process.platform === 'linux';

  it.runIf(onLinux)('an abort ends the decoder before another piece comes and leaves no process', async () => {
    const { info } = await probeMedia(indexFirst);
    for (const decode of [
      (signal: AbortSignal) => decodeAudio(indexFirst, info, { signal }),
      (signal: AbortSignal) => decodeFrames(indexFirst, info, { rateHz: 25, signal }),
    ]) {
      const controller = new AbortController();
      let pieces = 0;
      let running = 0;
      const reading = (async () => {
        for await (const piece of decode(controller.signal)) {
          pieces += piece ? 1 : 0;
          if (pieces !== 2) continue;
          running = await processesWith(indexFirst);
          controller.abort();
        }
      })();
      await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
      expect(running).toBe(1);
      expect(pieces).toBe(2);
      expect(await processesWith(indexFirst)).toBe(0);
    }
  });

  it.runIf(onLinux)('leaving the loop early leaves no process', async () => {
    const { info } = await probeMedia(indexFirst);
    for await (const frame of decodeFrames(indexFirst, info, { rateHz: 25 })) {
      expect(frame.timestamp).toBe(0);
      break;
    }
    expect(await processesWith(indexFirst)).toBe(0);
  });

  it('a signal that was aborted before decodes nothing', async () => {
    const { info } = await probeMedia(indexFirst);
    const signal = AbortSignal.abort();
    await expect(probeMedia(indexFirst, { signal })).rejects.toMatchObject({ name: 'AbortError' });
    await expect(decodeAudio(indexFirst, info, { signal })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
