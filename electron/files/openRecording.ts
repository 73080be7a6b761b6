import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../../core/problems/problem.js';
import { ProblemError } from '../../core/problems/problem.js';
import { TRANSCRIPT_EXTENSIONS } from '../../core/transcript/parseTranscript.js';
import type { ImportedTranscript, OpenResult } from '../contract/types.js';
import { fingerprintFile } from '../media/fingerprint.js';
import { isFeatureFile, probeRecording } from '../perception/features/perceiveFeatures.js';
import type { GrantedFiles } from './grantedFiles.js';
import { readTranscript } from './readTranscript.js';

/** Extensions offered in the open dialog and accepted on drop; npz and csv are feature recordings. */
export const RECORDING_EXTENSIONS = [
  'mp4',
  'mov',
  'mkv',
  'webm',
  'avi',
  'wav',
  'flac',
  'mp3',
  'm4a',
  'ogg',
  'npz',
  'csv',
] as const;

/** A recording of an earlier session; the size tells what differs where another file lies in its place. */
interface WantedRecording {
  readonly recordingId: string;
  readonly sizeBytes?: number;
}

export interface OpenContext {
  readonly files: GrantedFiles;
  /** URL under which the page plays a granted recording. */
  readonly mediaUrl: (recordingId: string) => string;
}

/**
 * Opens a recording: reads what the container says, identifies the file by content, looks for a transcript of the same
 * name beside it and grants the file to the page. A file that cannot be used is an answer with its Problem.
 */
export async function openRecording(file: string, context: OpenContext): Promise<OpenResult> {
  const fileName = path.basename(file);
  try {
    requireKnownExtension(fileName);
    const { info, problems } = await probeRecording(file);
    const recordingId = await fingerprintFile(file);
    const transcript = isFeatureFile(file) ? undefined : await transcriptBeside(file);
    await context.files.grant(recordingId, file);
    const recording = {
      recordingId,
      fileName,
      mediaUrl: context.mediaUrl(recordingId),
      info,
      ...(transcript === undefined ? {} : { transcript }),
      problems,
    };
    return { ok: true, recording };
  } catch (error) {
    return { ok: false, fileName, problem: problemOf(error, fileName) };
  }
}

/**
 * Opens a recording of an earlier session again, by id. The file must still be there and have the same content; then
 * marks and labels made before still fit it.
 */
export async function reopenRecording(
  { recordingId, sizeBytes }: WantedRecording,
  context: OpenContext,
): Promise<OpenResult> {
  const file = context.files.lastPath(recordingId);
  if (file === undefined) return { ok: false, fileName: recordingId, problem: unknownRecording(recordingId) };
  const fileName = path.basename(file);
  let found: string;
  try {
    found = await fingerprintFile(file);
  } catch {
    return { ok: false, fileName, problem: goneRecording(fileName) };
  }
  if (found !== recordingId) return { ok: false, fileName, problem: await changedRecording(file, sizeBytes) };
  return openRecording(file, context);
}

/**
 * Opens the file among those chosen that is the recording, wherever it lies and whatever it is called. Another file is not
 * taken for it; the answer says what differs.
 */
export async function locateRecording(
  { recordingId, sizeBytes }: WantedRecording,
  chosen: readonly string[],
  context: OpenContext,
): Promise<OpenResult> {
  let last = '';
  for (const file of chosen) {
    const found = await fingerprintFile(file).catch(() => undefined);
    if (found === recordingId) return openRecording(file, context);
    last = file;
  }
  return { ok: false, fileName: path.basename(last), problem: await differentFile(last, sizeBytes) };
}

/** What differs of a file from the one that is wanted, in words. */
async function differenceOf(file: string, sizeBytes: number | undefined): Promise<string> {
  const info = await stat(file).catch(() => undefined);
  if (!info) return 'it cannot be read';
  if (sizeBytes === undefined || info.size === sizeBytes) return 'its content differs';
  return `it has ${info.size} bytes, the recording has ${sizeBytes}`;
}

async function transcriptBeside(file: string): Promise<ImportedTranscript | undefined> {
  const { dir, name } = path.parse(file);
  for (const extension of TRANSCRIPT_EXTENSIONS) {
    const candidate = path.join(dir, `${name}.${extension}`);
    const exists = await access(candidate).then(
      () => true,
      () => false,
    );
    if (exists) return readTranscript(candidate);
  }
  return undefined;
}

function requireKnownExtension(fileName: string): void {
  const extension = path.extname(fileName).slice(1).toLowerCase();
  if ((RECORDING_EXTENSIONS as readonly string[]).includes(extension)) return;
  throw new ProblemError({
    code: 'media.extension',
    severity: 'error',
    message: `${fileName} is not a kind of file that Lacuna opens.`,
    tip: `Choose a recording: ${RECORDING_EXTENSIONS.join(', ')}. A transcript is imported from the transcript panel.`,
  });
}

function problemOf(error: unknown, fileName: string): Problem {
  if (error instanceof ProblemError) return error.problem;
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'media.open',
    severity: 'error',
    message: `${fileName} could not be opened: ${reason}.`,
    tip: 'Check that the file is still there and that you may read it.',
  };
}

function unknownRecording(recordingId: string): Problem {
  return {
    code: 'file.unknown',
    severity: 'error',
    message: `This machine has not opened a recording ${recordingId} before.`,
    tip: 'Open the recording again from where it lies now. Your marks and labels are kept.',
  };
}

function goneRecording(fileName: string): Problem {
  return {
    code: 'file.gone',
    severity: 'error',
    message: `${fileName} is not where it was, or cannot be read.`,
    tip: 'Connect the drive it lies on, or open the recording from where it lies now. Your marks and labels are kept.',
  };
}

async function changedRecording(file: string, sizeBytes: number | undefined): Promise<Problem> {
  const difference = await differenceOf(file, sizeBytes);
  return {
    code: 'file.changed',
    severity: 'error',
    message: `${path.basename(file)} was replaced or changed since it was opened last: ${difference}. Marks and labels made before may not fit it, so it is not used.`,
    tip: 'Locate the original file, or add the other one as a recording of its own.',
  };
}

async function differentFile(file: string, sizeBytes: number | undefined): Promise<Problem> {
  const difference = await differenceOf(file, sizeBytes);
  return {
    code: 'media.different_file',
    severity: 'warning',
    message: `This is not the file of the recording: ${difference}. It was not opened.`,
    tip: 'A recording is known by its content, not by its name. To use this file, add it as a recording of its own.',
  };
}
