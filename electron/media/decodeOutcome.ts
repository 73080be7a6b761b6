/** How the decoding of one stream ended, and what that means for the data. */
import type { Problem } from '../../core/problems/problem.js';
import { ProblemError } from '../../core/problems/problem.js';
import { toSeconds, type Microseconds } from '../../core/time/microseconds.js';
import type { ErrorLog } from './childProgram.js';

export interface DecodeOutcome {
  /** End of what was decoded, on the recording's clock. */
  readonly decodedEnd: Microseconds;
  readonly problems: readonly Problem[];
}

/** Pieces of one decoded stream, to be iterated once. Leaving the loop early stops the decoder. */
export interface Decoding<T> extends AsyncIterable<T> {
  /**
   * How it ended.
   * @throws Error before the iteration has reached its end.
   */
  outcome(): DecodeOutcome;
}

export interface StreamEnd {
  readonly modality: 'audio' | 'visual';
  readonly decodedEnd: Microseconds;
  /** Where the container says that the stream ends; undefined where it says nothing. */
  readonly declaredEnd: Microseconds | undefined;
  /** Difference between the two that is still normal. */
  readonly tolerance: Microseconds;
  readonly exitCode: number | null;
  readonly errors: ErrorLog;
}

const WORDS = { audio: 'sound', visual: 'picture' } as const;

/** Judges the end of a stream of which something was decoded. */
export function judgeEnd(end: StreamEnd): DecodeOutcome {
  const { modality, decodedEnd, declaredEnd, errors } = end;
  if (declaredEnd !== undefined && declaredEnd - decodedEnd > end.tolerance) {
    return { decodedEnd, problems: [truncated(modality, decodedEnd, declaredEnd)] };
  }
  if (errors.count === 0 && end.exitCode === 0) return { decodedEnd, problems: [] };
  return { decodedEnd, problems: [damaged(end)] };
}

function truncated(modality: 'audio' | 'visual', decodedEnd: Microseconds, declaredEnd: Microseconds): Problem {
  const lost = toSeconds(declaredEnd) - toSeconds(decodedEnd);
  return {
    code: 'media.truncated',
    severity: 'warning',
    message:
      `The ${WORDS[modality]} ends at ${toSeconds(decodedEnd).toFixed(2)} s, but the file declares ${toSeconds(declaredEnd).toFixed(2)} s: ` +
      `the last ${lost.toFixed(2)} s are lost.`,
    tip: 'The file was probably cut off while it was copied or recorded. Copy it again from its source if you can.',
    modality,
    range: { start: decodedEnd, end: declaredEnd },
  };
}

function damaged({ modality, errors, exitCode }: StreamEnd): Problem {
  const first = errors.lines[0] ?? `the decoder ended with code ${exitCode ?? 'none'}`;
  return {
    code: 'media.damaged',
    severity: 'warning',
    message: `The decoder reported ${Math.max(1, errors.count)} error(s) in the ${WORDS[modality]}; the first: ${first}.`,
    tip: 'Look at and listen to the recording, and mark the stretches that are damaged.',
    modality,
  };
}

/** The error for a stream of which nothing at all could be decoded. */
export function undecodable(modality: 'audio' | 'visual', errors: ErrorLog): ProblemError {
  const reason = errors.lines.at(-1);
  return new ProblemError({
    code: `media.${modality}_undecodable`,
    severity: 'error',
    message: `Nothing of the ${WORDS[modality]} could be decoded${reason === undefined ? '' : `: ${reason}`}.`,
    tip: 'The file may be damaged or use a rare codec. Copy it again, or convert it to MP4 (H.264, AAC) or WAV.',
    modality,
  });
}
