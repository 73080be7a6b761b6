import { fromSeconds, microseconds, type Microseconds } from '../../time/microseconds.js';
import { refuse, ReadingReport, TierCollector, type Reading, type TierHead } from '../reading.js';
import { tierName } from '../tierNames.js';

type JsonObject = Readonly<Record<string, unknown>>;

const YIELD_EVERY = 1_000;
const LONGEST_SECONDS = 1e9;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own property only, so that a key of the prototype is never taken for data. */
function own(value: JsonObject, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'damaged';
    throw refuse('json_malformed', `The JSON is damaged (${reason}).`, 'Save the file again; it may be cut short.');
  }
}

/** The list of segments of Whisper, faster-whisper and WhisperX (`segments`), or of whisper.cpp (`transcription`). */
function segmentsOf(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  const found = isObject(document) ? (own(document, 'segments') ?? own(document, 'transcription')) : undefined;
  if (Array.isArray(found)) return found;
  throw refuse(
    'json_kind',
    'The JSON has no list "segments" or "transcription", as Whisper, WhisperX and whisper.cpp write it.',
    'Choose the JSON that the speech recogniser wrote.',
  );
}

function seconds(value: unknown): Microseconds | undefined {
  const usable = typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < LONGEST_SECONDS;
  return usable ? fromSeconds(value) : undefined;
}

/** Start and end: seconds, or milliseconds in `offsets` of whisper.cpp. */
function timesOf(entry: JsonObject): readonly [Microseconds | undefined, Microseconds | undefined] {
  const offsets = own(entry, 'offsets');
  if (!isObject(offsets)) return [seconds(own(entry, 'start')), seconds(own(entry, 'end'))];
  const time = (value: unknown) =>
    typeof value === 'number' && Number.isSafeInteger(value * 1_000) ? microseconds(value * 1_000) : undefined;
  return [time(own(offsets, 'from')), time(own(offsets, 'to'))];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

function addWords(entry: JsonObject, head: TierHead, number: number, collector: TierCollector): void {
  const words = own(entry, 'words');
  if (!Array.isArray(words)) return;
  for (const word of words as readonly unknown[]) {
    if (!isObject(word)) continue;
    const [start, end] = timesOf(word);
    const text = textOf(own(word, 'word') ?? own(word, 'text'));
    // WhisperX leaves the times of numbers out; such a word still stands in its segment.
    if (start !== undefined && end !== undefined && text !== '') collector.add(head, start, end, text, number);
  }
}

/** Reads the JSON of a Whisper family speech recogniser: a transcript tier per speaker, and its words with their times. */
export function* readWhisperJson(text: string): Generator<number, Reading, void> {
  const report = new ReadingReport('Entry');
  const segments = segmentsOf(parseJson(text));
  const collector = new TierCollector(report);
  for (const [index, entry] of segments.entries()) {
    if (index % YIELD_EVERY === 0) yield index / segments.length;
    const number = index + 1;
    if (!isObject(entry)) {
      report.line(number, 'error', 'json_entry', 'the entry is no segment; not taken.', 'Save the file again.');
      continue;
    }
    const [start, end] = timesOf(entry);
    if (start === undefined || end === undefined) {
      report.line(number, 'error', 'time_malformed', 'the entry has no times; not taken.', 'Save the file with times.');
      continue;
    }
    const speaker = textOf(own(entry, 'speaker')).slice(0, 200) || undefined;
    const owner = speaker === undefined ? {} : { owner: speaker };
    const head = (kind: 'transcript' | 'word'): TierHead => ({ name: tierName(kind, speaker), kind, ...owner });
    collector.add(head('transcript'), start, end, textOf(own(entry, 'text')), number);
    addWords(entry, head('word'), number, collector);
  }
  return { set: { tiers: collector.tiers(), vocabularies: [] }, problems: report.problems() };
}
