/** From a file to everything measured in it: hash, probe, then sound and picture decoded and measured side by side. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Perception } from '../../core/perception/perception.js';
import { ProblemError, type Problem } from '../../core/problems/problem.js';
import type { MediaInfo } from '../../core/recording/mediaInfo.js';
import { fromSeconds, microseconds, toSeconds, type Microseconds } from '../../core/time/microseconds.js';
import { sha256File } from '../media/fingerprint.js';
import { requireHash } from '../media/replacedMedia.js';
import { probeMedia } from '../media/probe.js';
import { PerceptionCache } from './cache/perceptionCache.js';
import { FRAME_RATE_HZ, type Measured, type StreamMeasurer, type Streams } from './streamMeasurer.js';

export { FRAME_RATE_HZ };

/** Share of the whole time that hashing and probing take, about. */
const READING_SHARE = 0.04;
/** The container's duration is corrected where more than this was decoded beyond it. */
const DURATION_SLACK = fromSeconds(0.5);

export interface PerceiveOptions {
  /** The folder that holds `perception/` and `bundles/`. */
  readonly modelsDir: string;
  /** Where results are kept; none are kept without it. */
  readonly cacheDir?: string | undefined;
  /** SHA-256 that the file must have; unknown when absent. */
  readonly sha256?: string | undefined;
  /** Total size of the kept results in bytes. Default 4 GiB. */
  readonly cacheMaxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the done share, 0 to 1, never falling, and the name of the step. */
  readonly onProgress?: ((fraction: number, step: string) => void) | undefined;
}

/**
 * Measures a recording with the given measurer. A recording without sound or without picture has no such track; one that is
 * there but cannot be decoded is a Problem as long as the other can.
 * @throws ProblemError when nothing of the file can be used or a network is missing
 * @throws the signal's reason when aborted; decoders are gone and nothing is stored by then
 */
export async function perceiveWith(
  path: string,
  measurer: StreamMeasurer,
  options: PerceiveOptions,
): Promise<Perception> {
  const { signal, onProgress } = options;
  const probed = await probeMedia(path, { signal });
  const inputSha256 = await sha256File(path, {
    signal,
    onProgress: (fraction) => onProgress?.(fraction * READING_SHARE, 'Read the file'),
  });
  requireHash(path, inputSha256, options.sha256);
  const cache = await openCache(measurer, options);
  const stored = await cache?.read(inputSha256);
  if (stored?.perception) {
    onProgress?.(1, 'Measurements found');
    return stored.perception;
  }
  const measured = await measure(path, probed.info, measurer, options);
  const perception: Perception = {
    info: { ...probed.info, duration: correctedDuration(probed.info, measured.streams) },
    inputSha256,
    ...measured.streams,
    problems: [...probed.problems, ...measured.problems],
  };
  const storing = cache ? await cache.write(perception) : [];
  onProgress?.(1, 'Measured');
  const aside = [...(stored?.problem ? [stored.problem] : []), ...storing];
  return aside.length === 0 ? perception : { ...perception, problems: [...perception.problems, ...aside] };
}

async function openCache(measurer: StreamMeasurer, options: PerceiveOptions): Promise<PerceptionCache | undefined> {
  if (options.cacheDir === undefined) return undefined;
  // The manifest holds the checksum of every network, so another network is another version.
  const manifest = await readFile(join(options.modelsDir, 'perception', 'manifest.json'), 'utf8').catch(() => '');
  return new PerceptionCache(options.cacheDir, {
    versions: [...measurer.versions, `frames ${FRAME_RATE_HZ}`, manifest],
    maxBytes: options.cacheMaxBytes,
  });
}

/** A recording without the stream has nothing to measure there. */
const NOTHING: Measured<Partial<Streams>> = { streams: {}, problems: [] };

async function measure(
  path: string,
  info: MediaInfo,
  measurer: StreamMeasurer,
  options: PerceiveOptions,
): Promise<Measured<Streams>> {
  const progress = jointProgress(info, options);
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  // Whatever fails for good stops the other stream at once; only then does the failure go up.
  const failing = <T>(measuring: Promise<T>) =>
    measuring.catch((error: unknown) => {
      if (!isUndecodable(error)) stop.abort(error);
      throw error;
    });
  const task = { path, info, modelsDir: options.modelsDir };
  const [audio, visual] = await Promise.allSettled([
    info.audio ? failing(measurer.measure('sound', task, { signal, onTime: progress.audio })) : NOTHING,
    info.video ? failing(measurer.measure('picture', task, { signal, onTime: progress.visual })) : NOTHING,
  ]);
  signal.throwIfAborted();
  const failures = [audio, visual]
    .filter((result) => result.status === 'rejected')
    .map((result) => result.reason as unknown);
  const tracks = (info.audio ? 1 : 0) + (info.video ? 1 : 0);
  if (failures.length >= tracks) throw failures[0];
  const sound = audio.status === 'fulfilled' ? audio.value : undefined;
  const picture = visual.status === 'fulfilled' ? visual.value : undefined;
  return {
    streams: { speech: [], ...sound?.streams, ...picture?.streams },
    problems: [
      ...(sound?.problems ?? []),
      ...(picture?.problems ?? []),
      ...failures.filter(isUndecodable).map((error) => wholeTrack(error.problem, info)),
    ],
  };
}

function isUndecodable(error: unknown): error is ProblemError {
  return error instanceof ProblemError && /^media\.(?:audio|visual)_undecodable$/.test(error.problem.code);
}

function wholeTrack(problem: Problem, info: MediaInfo): Problem {
  return { ...problem, range: { start: microseconds(0), end: info.duration } };
}

/** The job is as far as its slower stream. */
function jointProgress(info: MediaInfo, options: PerceiveOptions) {
  const duration = Math.max(1, info.duration);
  const done = { audio: info.audio ? 0 : 1, visual: info.video ? 0 : 1 };
  const step = [info.audio ? 'Measure voice' : '', info.video ? 'find faces and expressions' : '']
    .filter((part) => part !== '')
    .join(', ');
  const name = step.charAt(0).toUpperCase() + step.slice(1);
  const report = (stream: 'audio' | 'visual') => (time: Microseconds) => {
    done[stream] = Math.min(1, time / duration);
    options.onProgress?.(READING_SHARE + (1 - READING_SHARE) * 0.99 * Math.min(done.audio, done.visual), name);
  };
  return { audio: report('audio'), visual: report('visual') };
}

/** Some containers declare less than they hold; a recording never ends before what was decoded of it. */
function correctedDuration(info: MediaInfo, streams: Streams): Microseconds {
  const decoded = Math.max(streams.decodedAudioEnd ?? 0, streams.decodedVideoEnd ?? 0);
  const beyond = toSeconds(microseconds(decoded)) - toSeconds(info.duration);
  return beyond > toSeconds(DURATION_SLACK) ? microseconds(decoded) : info.duration;
}
