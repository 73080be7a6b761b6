/** The file formats: what they are called, how they are told apart, who reads and writes them. */
import { decodeText } from '../text/decodeText.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import type { AnnotationSet, TierKind } from './annotationSet.js';
import { readEaf } from './eaf/readEaf.js';
import { writeEaf } from './eaf/writeEaf.js';
import { refuse, type Reader, type Reading } from './reading.js';
import { BORIS_KINDS, writeBoris } from './table/writeBoris.js';
import { readTable } from './table/readTable.js';
import { writeTierTable } from './table/writeTierTable.js';
import { looksLikeAudacity, readAudacity, writeAudacity } from './text/audacity.js';
import { readTimedText } from './text/readTimedText.js';
import { readWhisperJson } from './text/readWhisperJson.js';
import { writeSrt, writeVtt } from './text/writeTimedText.js';
import { readTextGrid } from './textGrid/readTextGrid.js';
import { writeTextGrid } from './textGrid/writeTextGrid.js';
import { novaFiles, type NamedFile } from './writeNova.js';

/** What a writer may need to know beside the annotations. */
interface WriteOptions {
  /** Time of writing, ISO 8601 UTC. */
  readonly createdUtc: string;
}

interface FormatBase {
  /** Name in words, `ELAN (EAF 3.0)`. */
  readonly label: string;
  /** What of the annotations the format has no place for, in words; '' when it holds everything. */
  readonly leavesOut: string;
  /** Whether a tier has a place in the format. */
  readonly holds: (kind: TierKind) => boolean;
}

/** A format of one file, written in pieces. */
interface FileFormat extends FormatBase {
  /** Ending of its files, without the dot. */
  readonly extension: string;
  readonly write: (set: AnnotationSet, options: WriteOptions) => Iterable<string>;
  /** Its program reads UTF-16, too. */
  readonly utf16?: true;
}

/** A format of several files, which are written into a folder. */
interface FolderFormat extends FormatBase {
  readonly files: (set: AnnotationSet) => readonly NamedFile[];
}

export const EXPORT_FORMAT_IDS = [
  'eaf',
  'textgrid',
  'textgrid-short',
  'srt',
  'vtt',
  'audacity',
  'boris',
  'nova',
  'csv',
] as const;
export type ExportFormatId = (typeof EXPORT_FORMAT_IDS)[number];

const everything = (): boolean => true;
const words = (kind: TierKind): boolean => kind === 'transcript';

/** The formats that can be written. */
export const EXPORT_FORMATS: Readonly<Record<ExportFormatId, FileFormat | FolderFormat>> = {
  eaf: { label: 'ELAN (EAF 3.0)', extension: 'eaf', leavesOut: '', holds: everything, write: writeEaf },
  textgrid: {
    label: 'Praat TextGrid',
    extension: 'TextGrid',
    leavesOut: 'controlled vocabularies',
    holds: everything,
    write: (set) => writeTextGrid(set, 'long'),
    utf16: true,
  },
  'textgrid-short': {
    label: 'Praat TextGrid, short form',
    extension: 'TextGrid',
    leavesOut: 'controlled vocabularies',
    holds: everything,
    write: (set) => writeTextGrid(set, 'short'),
    utf16: true,
  },
  srt: {
    label: 'SubRip subtitles (SRT)',
    extension: 'srt',
    leavesOut: 'speakers and everything but the transcript',
    holds: words,
    write: writeSrt,
  },
  vtt: {
    label: 'WebVTT subtitles',
    extension: 'vtt',
    leavesOut: 'marks; labels, states and confidence become notes that players do not show',
    holds: (kind) => ['transcript', 'label', 'score', 'confidence', 'state', 'note'].includes(kind),
    write: writeVtt,
  },
  audacity: {
    label: 'Audacity labels',
    extension: 'txt',
    leavesOut: 'controlled vocabularies',
    holds: everything,
    write: writeAudacity,
  },
  boris: {
    label: 'BORIS aggregated events',
    extension: 'tsv',
    leavesOut: 'transcript, words, scores and confidences',
    holds: (kind) => BORIS_KINDS.has(kind) || kind === 'note',
    write: writeBoris,
  },
  nova: {
    label: 'NOVA annotations (folder)',
    leavesOut: 'scores',
    holds: (kind) => kind !== 'score',
    files: novaFiles,
  },
  csv: {
    label: 'Table of all tiers (CSV)',
    extension: 'csv',
    leavesOut: 'controlled vocabularies',
    holds: everything,
    write: writeTierTable,
  },
};

/** Whether a format can be written in UTF-16. */
export function takesUtf16(id: ExportFormatId): boolean {
  const format = EXPORT_FORMATS[id];
  return 'utf16' in format && format.utf16 === true;
}

/** Tells which tiers have no place in a format, so that nothing is lost without a word; undefined when all have one. */
export function exportLoss(set: AnnotationSet, id: ExportFormatId): Problem | undefined {
  const format = EXPORT_FORMATS[id];
  const lost = set.tiers.filter(({ kind, items }) => items.length > 0 && !format.holds(kind));
  if (lost.length === 0) return undefined;
  const names = lost.map(({ name }) => name);
  const shown = names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');
  return {
    code: 'export.left_out',
    severity: 'note',
    message: `${format.label} has no place for ${shown}; left out.`,
    tip: 'Write EAF, TextGrid or CSV to keep everything.',
  };
}

interface ReadableFormat {
  readonly label: string;
  readonly extensions: readonly string[];
  readonly read: Reader;
}

const READABLE = {
  eaf: { label: 'ELAN (EAF)', extensions: ['eaf'], read: readEaf },
  textgrid: { label: 'Praat TextGrid', extensions: ['TextGrid'], read: readTextGrid },
  srt: { label: 'SubRip', extensions: ['srt'], read: (text: string) => readTimedText(text, false) },
  vtt: { label: 'WebVTT', extensions: ['vtt'], read: (text: string) => readTimedText(text, true) },
  audacity: { label: 'Audacity labels', extensions: ['txt'], read: readAudacity },
  table: { label: 'table', extensions: ['csv', 'tsv'], read: readTable },
  json: { label: 'Whisper JSON', extensions: ['json'], read: readWhisperJson },
} as const satisfies Record<string, ReadableFormat>;
type ReadableId = keyof typeof READABLE;

/** Endings of files that can be read, for dialogs. */
export const IMPORT_EXTENSIONS: readonly string[] = Object.values(READABLE).flatMap(({ extensions }) => extensions);

function extensionOf(fileName: string): string {
  return fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase();
}

/** The content decides before the ending does, because files are often misnamed. */
function detect(fileName: string, text: string): ReadableId | undefined {
  const extension = extensionOf(fileName);
  if (/^\s*(?:File type\s*=\s*)?"?oo(?:Text|Binary)File|^"Praat chronological/.test(text)) return 'textgrid';
  if (/^\s*WEBVTT(?:\s|$)/.test(text)) return 'vtt';
  if (/^\s*</.test(text)) return 'eaf';
  if (extension === 'json' || /^\s*[[{]/.test(text)) return 'json';
  if (extension === 'csv' || extension === 'tsv') return 'table';
  if (looksLikeAudacity(text)) return 'audacity';
  if (text.includes('-->') || extension === 'srt') return 'srt';
  const byName = (Object.keys(READABLE) as ReadableId[]).find((id) =>
    READABLE[id].extensions.some((ending) => ending.toLowerCase() === extension),
  );
  return byName === 'audacity' && /Behavior/.test(text) ? 'table' : byName;
}

/** What was read, and from which format. */
export interface ImportedFile extends Reading {
  /** Name of the format in words. */
  readonly format: string;
}

/**
 * Reads a decoded text of any format we know. Yields the done share, 0 to 1, every few milliseconds.
 * @param fileName only its ending is used.
 * @throws ProblemError `import.*` when nothing of it can be taken.
 */
export function* readTiers(fileName: string, text: string): Generator<number, ImportedFile, void> {
  const id = detect(fileName, text);
  if (id === undefined) {
    throw refuse(
      'format',
      'The file is of no kind that is read here.',
      'Read are EAF, TextGrid, SRT, WebVTT, Audacity labels, BORIS events, Whisper JSON and tables with start_s, end_s and text or label.',
    );
  }
  const { label, read } = READABLE[id];
  return { format: label, ...(yield* read(text)) };
}

/**
 * Reads annotations from the bytes of a file: UTF-8, UTF-16 with a byte order mark, else windows-1252, which is told.
 * @throws ProblemError `import.*` when nothing of the file can be taken; everything else is in the problems.
 */
export function* readAnnotations(fileName: string, bytes: Uint8Array): Generator<number, ImportedFile, void> {
  const decoded = decodeText(bytes, 'file', 'import');
  if (decoded.text === undefined) {
    const [problem] = decoded.problems;
    throw problem ? new ProblemError(problem) : refuse('binary', 'The file is no text.', 'Choose another file.');
  }
  const read = yield* readTiers(fileName, decoded.text);
  return { ...read, problems: [...decoded.problems, ...read.problems] };
}
