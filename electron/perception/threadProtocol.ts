/** What crosses the border between the analysis host and a thread that measures one stream. Plain data. */
import type { Problem } from '../../core/problems/problem.js';
import type { Microseconds } from '../../core/time/microseconds.js';
import type { MediaPrograms } from '../media/ffmpegPrograms.js';
import type { Measured, StreamKind, Streams, StreamTask } from './streamMeasurer.js';

/** What a thread is started with. */
export interface ThreadData {
  readonly kind: StreamKind;
  readonly task: StreamTask;
  readonly programs: MediaPrograms;
}

/** To the thread: give up. */
export interface ThreadAbort {
  readonly type: 'abort';
}

/** From the thread: times while it works, then exactly one of the others, then it ends. */
export type ThreadReply =
  | { readonly type: 'time'; readonly time: Microseconds }
  | { readonly type: 'measured'; readonly measured: Measured<Partial<Streams>> }
  | { readonly type: 'problem'; readonly problem: Problem }
  | { readonly type: 'failure'; readonly message: string; readonly stack: string };
