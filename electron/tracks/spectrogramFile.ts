/** The spectrogram of a recording in several resolutions, made once by streaming its sound, read tile by tile. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { SpectrogramSummary } from '../contract/types.js';
import type { MediaInfo } from '../../core/recording/mediaInfo.js';
import { microseconds } from '../../core/time/microseconds.js';
import { AUDIO_RATE_HZ, decodeAudio } from '../media/decodeAudio.js';
import { BANDS, HIGH_HZ, HOP_SAMPLES, LOW_HZ, SpectrogramColumns } from './spectrogramColumns.js';

/** Columns of one level that become one of the next. */
const SHRINK = 4;
const COLUMNS_PER_TILE = 512;
const HOP_US = (HOP_SAMPLES * 1e6) / AUDIO_RATE_HZ;

/** Takes the loudest of every `SHRINK` columns, so that a short sound stays visible when zoomed out. */
function shrinkColumns(columns: Uint8Array): Uint8Array {
  const count = Math.ceil(columns.length / BANDS / SHRINK);
  const shrunk = new Uint8Array(count * BANDS);
  for (let at = 0; at < columns.length; at++) {
    const band = at % BANDS;
    const target = Math.floor(at / BANDS / SHRINK) * BANDS + band;
    shrunk[target] = Math.max(shrunk[target] ?? 0, columns[at] ?? 0);
  }
  return shrunk;
}

/** The byte that 0.1 % of all lie above: what is drawn darkest, so that one click does not fade the rest. */
function loudestOf(histogram: Float64Array): number {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  let above = 0;
  for (let byte = 255; byte > 0; byte--) {
    above += histogram[byte] ?? 0;
    if (above > total / 1000) return byte;
  }
  return 0;
}

/** Collects columns of a level that are written when a whole number of columns of the next one is there. */
class LevelWriter {
  readonly #file: FileHandle;
  readonly #second: Uint8Array[] = [];
  readonly #histogram = new Float64Array(256);
  #rest = new Uint8Array(0);
  columns = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async add(fresh: Uint8Array): Promise<void> {
    await this.#file.appendFile(fresh);
    this.columns += fresh.length / BANDS;
    for (const byte of fresh) this.#histogram[byte] = (this.#histogram[byte] ?? 0) + 1;
    const joined = Buffer.concat([this.#rest, fresh]);
    const whole = Math.floor(joined.length / (BANDS * SHRINK)) * BANDS * SHRINK;
    this.#second.push(shrinkColumns(joined.subarray(0, whole)));
    this.#rest = Uint8Array.from(joined.subarray(whole));
  }

  /** Writes the coarser levels and says what is there. */
  async finish(): Promise<SpectrogramSummary> {
    this.#second.push(shrinkColumns(this.#rest));
    let level: Uint8Array = Uint8Array.from(Buffer.concat(this.#second));
    const counts = [this.columns];
    while (level.length > 0) {
      await this.#file.appendFile(level);
      counts.push(level.length / BANDS);
      if (level.length / BANDS <= COLUMNS_PER_TILE) break;
      level = shrinkColumns(level);
    }
    return {
      bands: BANDS,
      lowHz: LOW_HZ,
      highHz: HIGH_HZ,
      loudest: loudestOf(this.#histogram),
      columnsPerTile: COLUMNS_PER_TILE,
      levels: counts.map((columns, index) => ({ hop: microseconds(HOP_US * SHRINK ** index), columns })),
    };
  }
}

/**
 * Streams the sound of a recording into a spectrogram file, temp then rename.
 * @throws ProblemError when the sound cannot be decoded; the signal's reason when aborted. Nothing is left behind then.
 */
export async function writeSpectrogram(
  media: { readonly path: string; readonly info: MediaInfo },
  file: string,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<SpectrogramSummary> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    let summary: SpectrogramSummary;
    try {
      summary = await stream(media, handle, signal, onProgress);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    return summary;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function stream(
  { path: media, info }: { readonly path: string; readonly info: MediaInfo },
  handle: FileHandle,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<SpectrogramSummary> {
  const columns = new SpectrogramColumns();
  const writer = new LevelWriter(handle);
  for await (const samples of decodeAudio(media, info, { signal })) {
    await writer.add(columns.push(samples));
    onProgress(Math.min(1, (writer.columns * HOP_US) / Math.max(1, info.duration)));
  }
  await writer.add(columns.end());
  return writer.finish();
}

/** Bytes of one tile, `bands` per column; undefined where there is none or the file is gone. */
export async function readTile(
  file: string,
  summary: SpectrogramSummary,
  level: number,
  tile: number,
): Promise<Uint8Array | undefined> {
  const wanted = summary.levels[level];
  const first = tile * summary.columnsPerTile;
  if (!wanted || first >= wanted.columns) return undefined;
  const before = summary.levels.slice(0, level).reduce((sum, { columns }) => sum + columns, 0);
  const length = Math.min(summary.columnsPerTile, wanted.columns - first) * summary.bands;
  const bytes = new Uint8Array(length);
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return undefined;
  try {
    const { bytesRead } = await handle.read(bytes, 0, length, (before + first) * summary.bands);
    return bytesRead === length ? bytes : undefined;
  } finally {
    await handle.close();
  }
}
