/** What the timeline draws and steps by besides the perception: frame times and spectrogram, kept per recording. */
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { TrackSummary } from '../contract/types.js';
import { ProblemError } from '../../core/problems/problem.js';
import { microseconds } from '../../core/time/microseconds.js';
import { writeAtomically } from '../files/writeAtomically.js';
import type { HostProgress } from '../host/protocol.js';
import { probeMedia } from '../media/probe.js';
import { isFeatureFile } from '../perception/features/perceiveFeatures.js';
import { readFrameTimes } from './frameTimes.js';
import { readTile, writeSpectrogram } from './spectrogramFile.js';

/** A change of what is stored is a new version, so that old files are not read. */
const VERSION = 1;
/** Total size of all kept files; the least recently used go first. */
const MAX_BYTES = 2 * 2 ** 30;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const summarySchema = v.object({
  frameTimes: v.array(count),
  spectrogram: v.optional(
    v.object({
      bands: count,
      lowHz: v.number(),
      highHz: v.number(),
      loudest: count,
      columnsPerTile: count,
      levels: v.array(v.object({ hop: v.pipe(count, v.transform(microseconds)), columns: count })),
    }),
  ),
});

export interface TrackRequest {
  readonly path: string;
  readonly recordingId: string;
  /** Folder of the kept tracks. */
  readonly tracksDir: string;
}

interface Running {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: HostProgress) => void;
}

const summaryFile = (folder: string, id: string) => path.join(folder, `${id}-${VERSION}.json`);
const spectrogramFile = (folder: string, id: string) => path.join(folder, `${id}-${VERSION}.spectrogram`);

/** The kept tracks of a recording; undefined where there are none or they are damaged. */
async function readTracks(folder: string, recordingId: string): Promise<TrackSummary | undefined> {
  const file = summaryFile(folder, recordingId);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const parsed = v.safeParse(summarySchema, JSON.parse(text));
    if (!parsed.success) return undefined;
    const { frameTimes, spectrogram } = parsed.output;
    const drawn = spectrogramFile(folder, recordingId);
    if (spectrogram && !(await stat(drawn).catch(() => undefined))) return undefined;
    const now = new Date();
    await Promise.all([file, ...(spectrogram ? [drawn] : [])].map((used) => utimes(used, now, now)));
    return { frameTimes: Float64Array.from(frameTimes), ...(spectrogram ? { spectrogram } : {}) };
  } catch {
    return undefined;
  }
}

/**
 * Frame times and spectrogram of a recording, from the kept files or made now.
 * @throws ProblemError when the file cannot be read; the signal's reason when aborted.
 */
export async function makeTracks(request: TrackRequest, { signal, onProgress }: Running): Promise<TrackSummary> {
  const { path: media, recordingId, tracksDir } = request;
  if (isFeatureFile(media)) return { frameTimes: new Float64Array() };
  const kept = await readTracks(tracksDir, recordingId);
  if (kept) return kept;
  onProgress({ step: 'Read the times of the frames', stepNumber: 1, stepCount: 2 });
  const { info } = await probeMedia(media, { signal });
  const frameTimes = await readFrameTimes(media, info, signal);
  const step = { step: 'Make the spectrogram', stepNumber: 2, stepCount: 2 };
  onProgress(step);
  const spectrogram = info.audio
    ? await writeSpectrogram({ path: media, info }, spectrogramFile(tracksDir, recordingId), signal, (fraction) => {
        onProgress({ ...step, fraction });
      }).catch((error: unknown) => {
        // sound that cannot be decoded is told by the perception; frames can be stepped through without it
        if (error instanceof ProblemError) return undefined;
        throw error;
      })
    : undefined;
  const summary = { frameTimes: [...frameTimes], ...(spectrogram ? { spectrogram } : {}) };
  await writeAtomically(summaryFile(tracksDir, recordingId), JSON.stringify(summary));
  await prune(tracksDir);
  return { ...summary, frameTimes };
}

/** One tile of a recording's spectrogram; undefined where there is none. */
export class SpectrogramTiles {
  readonly #folder: string;
  #latest: { readonly recordingId: string; readonly summary: TrackSummary } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(recordingId: string, level: number, tile: number): Promise<Uint8Array | undefined> {
    if (this.#latest?.recordingId !== recordingId) {
      const summary = await readTracks(this.#folder, recordingId);
      if (!summary) return undefined;
      this.#latest = { recordingId, summary };
    }
    const { spectrogram } = this.#latest.summary;
    return spectrogram && readTile(spectrogramFile(this.#folder, recordingId), spectrogram, level, tile);
  }
}

async function prune(folder: string): Promise<void> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      const info = await stat(path.join(folder, name)).catch(() => undefined);
      return { name, bytes: info?.size ?? 0, usedMs: info?.mtimeMs ?? 0 };
    }),
  );
  let total = 0;
  for (const { name, bytes } of files.sort((a, b) => b.usedMs - a.usedMs)) {
    total += bytes;
    // another process may have removed it first
    if (total > MAX_BYTES) await rm(path.join(folder, name), { force: true }).catch(() => undefined);
  }
}
