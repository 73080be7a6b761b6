import { MICROSECONDS_PER_SECOND, type Microseconds } from '../../../core/time/microseconds.js';
import { overlap, type Face } from './faceDetection.js';
import type { Box } from './picture.js';

/** After this long without the followed face, the largest face is followed. */
export const FORGET_AFTER = MICROSECONDS_PER_SECOND;

/** A face can move by this many of its own widths between samples and still be taken for the same. */
const REACH = 1;

/** Chooses the same person's face in frame after frame: the nearest one, and the largest one to begin with. */
export class FaceFollower {
  #last: { readonly box: Box; readonly time: Microseconds } | undefined;

  /** The followed face among those of a frame; undefined while it is away. */
  choose(faces: readonly Face[], time: Microseconds): Face | undefined {
    if (this.#last && time - this.#last.time > FORGET_AFTER) this.#last = undefined;
    const last = this.#last?.box;
    const chosen = last ? nearest(faces, last) : largest(faces);
    if (chosen) this.#last = { box: chosen.box, time };
    return chosen;
  }
}

function largest(faces: readonly Face[]): Face | undefined {
  const size = ({ box, score }: Face): number => box.width * box.height * score;
  return faces.reduce<Face | undefined>((best, face) => (best && size(best) >= size(face) ? best : face), undefined);
}

function nearest(faces: readonly Face[], last: Box): Face | undefined {
  const reach = REACH * Math.max(last.width, last.height);
  const distance = ({ box }: Face): number =>
    Math.hypot(box.x + box.width / 2 - last.x - last.width / 2, box.y + box.height / 2 - last.y - last.height / 2);
  const cost = (face: Face): number => distance(face) / reach - overlap(face.box, last);
  const near = faces.filter((face) => distance(face) <= reach);
  return near.reduce<Face | undefined>((best, face) => (best && cost(best) <= cost(face) ? best : face), undefined);
}
