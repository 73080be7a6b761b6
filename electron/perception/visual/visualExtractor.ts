import * as ort from 'onnxruntime-node';
import { FACE_POINT_VALUES } from '../../../core/perception/facePoints.js';
import type { VisualTrack } from '../../../core/perception/perception.js';
import { EMOTIONS } from '../../../core/recording/emotion.js';
import type { Microseconds } from '../../../core/time/microseconds.js';
import { floatOutput, loadNetwork } from '../networks.js';
import * as detection from './faceDetection.js';
import { FaceFollower } from './faceFollower.js';
import { FloatColumn } from './floatColumn.js';
import { frontalPoints } from './frontalPoints.js';
import { cropAndScale, laplacianVariance, mean, meanDifference, toGrey, type Box, type Picture } from './picture.js';

/** Extractor id and version of the per-frame measurements; part of the cache key. */
export const VISUAL_EXTRACTOR = 'face-expression/3';

/** Faces below this detector score are not reported at all; the quality thresholds decide above it. */
const SCORE_FLOOR = 0.3;
/** Score at which a face other than the followed one is counted. */
const COUNTED_SCORE = 0.5;
/** Side of the landmark network's input, and of its crop in face boxes (MediaPipe Face Mesh). */
const MESH_SIDE = 192;
const MESH_SCALE = 1.5;
/**
 * The network's own presence stays above 0.99 until hardly anything of the face is left. Its logit tells more: 19 to 35 for open
 * faces (137 frames of four people), median 16 with the mouth covered, 11 with one half or the eyes, 7 below the eyes.
 */
const COVERED_LOGIT = 12;
const COVERED_LOGIT_SCALE = 2;
/** Below this landmark score there is no face to read, and an expression would be invented. */
const LANDMARK_FLOOR = 0.1;
/** Side of the expression network's input, pixels. */
const EXPRESSION_SIDE = 48;
/** Crop that frames a detected face as FER2013 frames its faces, in face boxes: models/perception/README.md. */
const EXPRESSION_SCALE = 1.08;
const EXPRESSION_SHIFT_Y = -0.03;
/** Sharpness is measured at this side at most, so that near and far faces compare. */
const SHARPNESS_SIDE = 96;

/** A sampled picture: rows of R, G, B bytes, [height x width x 3]. */
export interface VisualFrame {
  readonly timestamp: Microseconds;
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

interface Landmarks {
  /** Presence, 0 to 1. */
  readonly score: number;
  /** x, y, z of 468 points in pixels of the crop. */
  readonly mesh: Float32Array;
}

interface Networks {
  readonly detector: ort.InferenceSession;
  readonly mesh: ort.InferenceSession;
  readonly expression: ort.InferenceSession;
}

/** Measures face, expression and picture quality frame by frame and builds the visual track. */
export class VisualExtractor {
  readonly #networks: Networks;
  readonly #rateHz: number;
  readonly #embeddingSize: number;
  readonly #follower = new FaceFollower();
  readonly #timestamps: number[] = [];
  readonly #faceCount: number[] = [];
  readonly #columns = {
    faceScore: new FloatColumn(),
    faceBox: new FloatColumn(),
    landmarkScore: new FloatColumn(),
    expression: new FloatColumn(),
    embedding: new FloatColumn(),
    facePoints: new FloatColumn(),
    sharpness: new FloatColumn(),
    luminance: new FloatColumn(),
    change: new FloatColumn(),
  };
  #previous: Picture | undefined;

  private constructor(networks: Networks, rateHz: number, embeddingSize: number) {
    this.#networks = networks;
    this.#rateHz = rateHz;
    this.#embeddingSize = embeddingSize;
  }

  /**
   * @param modelsDir the folder that holds `perception/` and `bundles/`.
   * @param options.rateHz nominal sampling rate of the frames that will be pushed.
   * @throws ProblemError when a network file is absent or altered.
   */
  static async create(modelsDir: string, options: { readonly rateHz: number }): Promise<VisualExtractor> {
    const [detector, mesh, expression] = await Promise.all(
      (['face-detection', 'face-mesh', 'expression'] as const).map((id) => loadNetwork(modelsDir, id)),
    );
    if (!detector || !mesh || !expression) throw new Error('a network is missing');
    return new VisualExtractor({ detector, mesh, expression }, options.rateHz, embeddingWidth(expression));
  }

  /** Measures one frame; frames come in order of time. The pixels are not kept. */
  async push(frame: VisualFrame): Promise<void> {
    const { width, height, rgb, timestamp } = frame;
    if (rgb.length !== width * height * 3)
      throw new RangeError(`${rgb.length} bytes are no ${width}x${height} RGB picture`);
    const picture: Picture = { width, height, channels: 3, data: rgb };
    const grey = toGrey(picture);
    const faces = await this.#findFaces(picture);
    const face = this.#follower.choose(faces, timestamp);
    this.#timestamps.push(timestamp);
    this.#faceCount.push(Math.min(255, faces.filter((found) => found === face || found.score >= COUNTED_SCORE).length));
    this.#pushPictureMeasures(grey, face?.box);
    const { faceScore, faceBox } = this.#columns;
    faceScore.push([face?.score ?? Number.NaN]);
    faceBox.push(face ? fractions(face.box, width, height) : missing(4));
    await this.#pushFaceMeasures(picture, grey, face?.box);
  }

  /** The track of all frames pushed so far. */
  finish(): VisualTrack {
    const { sharpness, luminance, change, ...face } = this.#columns;
    return {
      extractor: VISUAL_EXTRACTOR,
      rateHz: this.#rateHz,
      frameCount: this.#timestamps.length,
      timestamps: Float64Array.from(this.#timestamps),
      faceCount: Uint8Array.from(this.#faceCount),
      faceScore: face.faceScore.toArray(),
      faceBox: face.faceBox.toArray(),
      landmarkScore: face.landmarkScore.toArray(),
      expression: face.expression.toArray(),
      embedding: face.embedding.toArray(),
      facePoints: face.facePoints.toArray(),
      embeddingSize: this.#embeddingSize,
      sharpness: sharpness.toArray(),
      luminance: luminance.toArray(),
      change: change.toArray(),
    };
  }

  /** Faces of the whole picture; when it shows none, those of its tiles, where small faces are larger. */
  async #findFaces(picture: Picture): Promise<detection.Face[]> {
    const { width, height } = picture;
    const faces = await this.#detect(picture, [detection.letterbox(width, height)]);
    return faces.length > 0 ? faces : this.#detect(picture, detection.tiles(width, height));
  }

  async #detect(picture: Picture, regions: readonly Box[]): Promise<detection.Face[]> {
    const side = detection.DETECTOR_SIDE;
    const candidates: detection.Face[] = [];
    for (const region of regions) {
      const pixels = cropAndScale(picture, region, side, side, 'black');
      for (let index = 0; index < pixels.length; index += 1) pixels[index] = pixels[index]! / 127.5 - 1;
      const input = new ort.Tensor('float32', pixels, [1, side, side, 3]);
      const outputs = await this.#networks.detector.run({ input });
      candidates.push(...detection.decodeCandidates(floatOutput(outputs, 'objects'), region, SCORE_FLOOR));
    }
    return detection.mergeCandidates(candidates);
  }

  #pushPictureMeasures(grey: Picture, face: Box | undefined): void {
    const region = visiblePart(face ?? { x: 0, y: 0, width: grey.width, height: grey.height }, grey);
    const scale = Math.min(1, SHARPNESS_SIDE / Math.max(region.width, region.height));
    const width = Math.max(1, Math.round(region.width * scale));
    const height = Math.max(1, Math.round(region.height * scale));
    const pixels = cropAndScale(grey, region, width, height, 'edge');
    this.#columns.sharpness.push([laplacianVariance(pixels, width, height)]);
    this.#columns.luminance.push([mean(pixels)]);
    this.#columns.change.push([this.#previous ? meanDifference(grey, this.#previous) : Number.NaN]);
    this.#previous = grey;
  }

  async #pushFaceMeasures(picture: Picture, grey: Picture, face: Box | undefined): Promise<void> {
    const { landmarkScore, expression, embedding, facePoints } = this.#columns;
    const landmarks = face ? await this.#landmarks(picture, face) : undefined;
    landmarkScore.push([landmarks?.score ?? Number.NaN]);
    if (!face || !landmarks || !(landmarks.score >= LANDMARK_FLOOR)) {
      expression.push(missing(EMOTIONS.length));
      embedding.push(missing(this.#embeddingSize));
      facePoints.push(missing(FACE_POINT_VALUES));
      return;
    }
    facePoints.push(frontalPoints(landmarks.mesh) ?? missing(FACE_POINT_VALUES));
    const outputs = await this.#networks.expression.run({ face: expressionInput(grey, face) });
    expression.push(floatOutput(outputs, 'posterior'));
    embedding.push(floatOutput(outputs, 'embedding'));
  }

  async #landmarks(picture: Picture, face: Box): Promise<Landmarks> {
    const pixels = cropAndScale(picture, detection.square(face, MESH_SCALE), MESH_SIDE, MESH_SIDE, 'black');
    for (let index = 0; index < pixels.length; index += 1) pixels[index] = pixels[index]! / 255;
    const input = new ort.Tensor('float32', pixels, [1, MESH_SIDE, MESH_SIDE, 3]);
    const outputs = await this.#networks.mesh.run({ input_1: input }, ['presence_logit', 'mesh']);
    const logit = floatOutput(outputs, 'presence_logit')[0] ?? Number.NaN;
    const score = 1 / (1 + Math.exp((COVERED_LOGIT - logit) / COVERED_LOGIT_SCALE));
    return { score, mesh: floatOutput(outputs, 'mesh') };
  }
}

/** The expression network's input for a face box: grey levels framed as in FER2013. */
function expressionInput(grey: Picture, face: Box): ort.Tensor {
  const region = detection.square(face, EXPRESSION_SCALE, 0, EXPRESSION_SHIFT_Y);
  const pixels = cropAndScale(grey, region, EXPRESSION_SIDE, EXPRESSION_SIDE, 'edge');
  return new ort.Tensor('float32', pixels, [1, 1, EXPRESSION_SIDE, EXPRESSION_SIDE]);
}

function embeddingWidth(session: ort.InferenceSession): number {
  const output = session.outputMetadata.find(({ name }) => name === 'embedding');
  const width = output?.isTensor ? output.shape[1] : undefined;
  if (typeof width !== 'number') throw new Error('the expression network has no embedding of known width');
  return width;
}

function missing(count: number): Float32Array {
  return new Float32Array(count).fill(Number.NaN);
}

function fractions(box: Box, width: number, height: number): number[] {
  return [box.x / width, box.y / height, box.width / width, box.height / height];
}

/** The part of a box inside the picture, at least one pixel. */
function visiblePart(box: Box, picture: Picture): Box {
  const clamp = (value: number, limit: number): number => Math.min(Math.max(value, 0), limit);
  const x = clamp(box.x, picture.width - 1);
  const y = clamp(box.y, picture.height - 1);
  return {
    x,
    y,
    width: Math.max(1, clamp(box.x + box.width, picture.width) - x),
    height: Math.max(1, clamp(box.y + box.height, picture.height) - y),
  };
}
