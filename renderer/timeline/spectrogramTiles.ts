import type { SpectrogramSummary } from '../../electron/contract/types.js';

/** Tiles kept drawn; the least recently used goes first. About 100 kB each. */
const KEPT_TILES = 160;
/** Shown range below the loudest, in bytes of half a decibel. */
const SHOWN_RANGE = 130;

/** The colours between which a spectrogram is drawn. */
interface Ramp {
  readonly quiet: readonly [number, number, number];
  readonly loud: readonly [number, number, number];
}

interface Tile {
  readonly bytes: Uint8Array | null | undefined;
  canvas: HTMLCanvasElement | undefined;
  ramp: Ramp | undefined;
}

type ReadTile = (level: number, tile: number) => Promise<Uint8Array | null>;

/** Red, green and blue of any CSS colour, also of system colours. */
function rgbOf(colour: string): readonly [number, number, number] {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return [0, 0, 0];
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** The colours of a theme. */
export function rampOf(quiet: string, loud: string): Ramp {
  return { quiet: rgbOf(quiet), loud: rgbOf(loud) };
}

/** The spectrogram of one recording as pictures: asks for what is in view, keeps what was seen last. */
export class SpectrogramTiles {
  readonly summary: SpectrogramSummary;
  private readonly read: ReadTile;
  private readonly onArrived: () => void;
  private readonly tiles = new Map<string, Tile>();

  /** @param onArrived called with every tile that arrives, so that whoever draws draws again. */
  constructor(summary: SpectrogramSummary, read: ReadTile, onArrived: () => void) {
    this.summary = summary;
    this.read = read;
    this.onArrived = onArrived;
  }

  /** The coarsest level whose columns are no wider than a pixel of `perPixel` microseconds, else the finest. */
  levelFor(perPixel: number): number {
    return Math.max(
      0,
      this.summary.levels.findLastIndex((level) => level.hop <= perPixel),
    );
  }

  /** The picture of a tile, one px per column and band, low frequencies at the bottom; undefined until it is here. */
  picture(level: number, tile: number, ramp: Ramp): HTMLCanvasElement | undefined {
    const key = `${level} ${tile}`;
    const known = this.tiles.get(key);
    if (!known) {
      this.load(key, level, tile);
      return undefined;
    }
    this.tiles.delete(key);
    this.tiles.set(key, known);
    if (!known.bytes) return undefined;
    if (known.ramp !== ramp) {
      known.canvas = this.paint(known.bytes, ramp);
      known.ramp = ramp;
    }
    return known.canvas;
  }

  private load(key: string, level: number, tile: number): void {
    this.tiles.set(key, { bytes: undefined, canvas: undefined, ramp: undefined });
    this.read(level, tile).then(
      (bytes) => {
        this.tiles.set(key, { bytes, canvas: undefined, ramp: undefined });
        for (const old of [...this.tiles.keys()].slice(0, -KEPT_TILES)) this.tiles.delete(old);
        this.onArrived();
      },
      // a tile that cannot be read stays empty until the recording is opened again
      () => this.tiles.set(key, { bytes: null, canvas: undefined, ramp: undefined }),
    );
  }

  private paint(bytes: Uint8Array, ramp: Ramp): HTMLCanvasElement | undefined {
    const { bands, loudest } = this.summary;
    const columns = bytes.length / bands;
    const canvas = document.createElement('canvas');
    canvas.width = columns;
    canvas.height = bands;
    const context = canvas.getContext('2d');
    if (!context) return undefined;
    const image = context.createImageData(columns, bands);
    for (let column = 0; column < columns; column += 1) {
      for (let band = 0; band < bands; band += 1) {
        const byte = bytes[column * bands + band] ?? 0;
        const share = Math.min(1, Math.max(0, (byte - loudest + SHOWN_RANGE) / SHOWN_RANGE));
        const at = ((bands - 1 - band) * columns + column) * 4;
        for (let part = 0; part < 3; part += 1) {
          const [quiet = 0, loud = 0] = [ramp.quiet[part], ramp.loud[part]];
          image.data[at + part] = quiet + (loud - quiet) * share * share;
        }
        image.data[at + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
    return canvas;
  }
}
