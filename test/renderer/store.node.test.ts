import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultParameters } from '../../core/analysis/defaultParameters.js';
import { type AnnotationDocument, emptyDocument } from '../../core/document/annotationDocument.js';
import { addMark } from '../../core/marks/editMarks.js';
import { microseconds } from '../../core/time/microseconds.js';
import { Autosaver, type SaveState } from '../../renderer/store/autosaver.js';
import { LacunaDatabase } from '../../renderer/store/database.js';
import { RecordingStore } from '../../renderer/store/recordingStore.js';

const empty = emptyDocument('rec-1', microseconds(2 ** 43), defaultParameters());

describe('the database', () => {
  it('marks survive reopening at the same microsecond', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 2 ** 42 }),
        fc.integer({ min: 1, max: 2 ** 32 }),
        async (start, length) => {
          const name = `marks-${crypto.randomUUID()}`;
          const range = { start: microseconds(start), end: microseconds(start + length) };
          const first = new LacunaDatabase(name);
          await new RecordingStore(first).saveDocument(addMark(empty, 'visual', range).document);
          first.close();
          const second = new LacunaDatabase(name);
          const { document } = await new RecordingStore(second).load('rec-1');
          expect(document?.marks[0]?.range).toEqual(range);
          second.close();
        },
      ),
      { numRuns: 20 },
    );
  });

  it('waveform peaks come back as the same integers', async () => {
    const database = new LacunaDatabase(`peaks-${crypto.randomUUID()}`);
    const store = new RecordingStore(database);
    const peaks = { hop: microseconds(10_000), minMax: Int16Array.from([-32768, 32767, -1, 1]) };
    const info = { container: 'wav', sizeBytes: 1, duration: microseconds(20_000) };
    await store.savePerception('rec-1', { info, inputSha256: '', peaks, segments: [], proposals: [], problems: [] });
    expect((await store.load('rec-1')).perception?.peaks?.minMax).toEqual(peaks.minMax);
    database.close();
  });

  it('an unknown recording has nothing, which is not an error', async () => {
    const database = new LacunaDatabase(`none-${crypto.randomUUID()}`);
    const stored = await new RecordingStore(database).load('rec-unknown');
    expect(stored).toEqual({ entry: undefined, document: undefined, perception: undefined, analysis: undefined });
    database.close();
  });
});

describe('saving', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('writes within a second, however fast edits follow each other', async () => {
    const written: number[] = [];
    const saver = new Autosaver<AnnotationDocument>(
      (document) => Promise.resolve(void written.push(document.marks.length)),
      () => undefined,
    );
    let document = empty;
    for (let edit = 0; edit < 20; edit += 1) {
      document = addMark(document, 'text', { start: microseconds(0), end: microseconds(1) }).document;
      saver.schedule(document);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(written.length).toBeGreaterThanOrEqual(4);
    await vi.advanceTimersByTimeAsync(1000);
    expect(written.at(-1)).toBe(20);
  });

  it('says when the disk refuses, keeps the edit and writes it at the next chance', async () => {
    const states: SaveState[] = [];
    let full = true;
    const written: unknown[] = [];
    const saver = new Autosaver<AnnotationDocument>(
      (document) =>
        full ? Promise.reject(new Error('QuotaExceededError')) : Promise.resolve(void written.push(document)),
      (state) => states.push(state),
    );
    saver.schedule(empty);
    await vi.advanceTimersByTimeAsync(1000);
    expect(states.at(-1)).toBe('failed');
    full = false;
    await saver.flush();
    expect(written).toEqual([empty]);
    expect(states.at(-1)).toBe('saved');
  });
});
