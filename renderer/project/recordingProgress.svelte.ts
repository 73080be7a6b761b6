import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import type { RecordingStore } from '../store/recordingStore.js';

/** How far a recording is, as the rail shows it. */
export interface Progress {
  readonly segments: number;
  /** Segments that somebody labelled. */
  readonly labelled: number;
  /** Proposals that wait for a person. */
  readonly proposals: number;
  readonly analysed: boolean;
}

function countLabelled(document: AnnotationDocument | undefined): number {
  const ids: Record<string, true> = {};
  for (const { segmentId } of document?.labels ?? []) ids[segmentId] = true;
  return Object.keys(ids).length;
}

/** How far a document is. */
export function progressOf(document: AnnotationDocument | undefined, analysed: boolean): Progress {
  return {
    segments: document?.segments.length ?? 0,
    labelled: countLabelled(document),
    proposals: document?.marks.filter((mark) => mark.review === 'proposed').length ?? 0,
    analysed,
  };
}

/** How far the recordings are that are not on screen. Read once at the start; the one that leaves the screen is noted. */
export class RecordingProgress {
  /** Recordings whose file was looked for and not found. */
  readonly missing = new SvelteSet<string>();
  private readonly known = new SvelteMap<string, Progress>();
  private readonly store: RecordingStore;

  constructor(store: RecordingStore) {
    this.store = store;
  }

  of(recordingId: string): Progress | undefined {
    return this.known.get(recordingId);
  }

  /** Reads what is kept; one after the other, so that a large project does not hold up the page. */
  async load(recordingIds: readonly string[]): Promise<void> {
    for (const recordingId of recordingIds) {
      const { document, analysed } = await this.store.glance(recordingId);
      this.note(recordingId, progressOf(document, analysed));
    }
  }

  note(recordingId: string, progress: Progress): void {
    this.known.set(recordingId, progress);
  }

  /** For a recording of which only a file is shown. */
  forget(recordingId: string): void {
    this.known.delete(recordingId);
  }

  noteFile(recordingId: string, found: boolean): void {
    if (found) this.missing.delete(recordingId);
    else this.missing.add(recordingId);
  }
}
