/** Words and numbers as the page shows them: U+2212 minus, units, neutral wording. Files use other rules. */
import type { CorruptionMark, MarkKind } from '../core/marks/mark.js';
import type { JobKind, JobSnapshot } from '../electron/contract/types.js';

const SPECIAL: Partial<Record<MarkKind, string>> = {
  asr_error: 'ASR error',
  missing_track: 'no track',
  missing_transcript: 'no text',
};

/** `out_of_frame` -> `out of frame`. */
export function kindWords(kind: MarkKind): string {
  return SPECIAL[kind] ?? kind.replaceAll('_', ' ');
}

/** Kind of a mark in words; a kind of the person's own as they wrote it. */
export function markWords({ kind, ownKind }: Pick<CorruptionMark, 'kind' | 'ownKind'>): string {
  return ownKind ?? kindWords(kind);
}

/** A number with sign and U+2212; `NA` when there is none. */
export function signed(value: number | undefined, digits = 2): string {
  if (value === undefined || Number.isNaN(value)) return 'NA';
  const rounded = Math.abs(value).toFixed(digits);
  if (Number(rounded) === 0) return rounded;
  return `${value < 0 ? '−' : '+'}${rounded}`;
}

/** A plain number with U+2212; `NA` when there is none. */
export function plain(value: number | undefined, digits = 2): string {
  if (value === undefined || Number.isNaN(value)) return 'NA';
  const rounded = Math.abs(value).toFixed(digits);
  return value < 0 && Number(rounded) !== 0 ? `−${rounded}` : rounded;
}

/** `0.9` -> `90 %`; `NA` when there is none. */
export function percent(share: number | undefined): string {
  return share === undefined || Number.isNaN(share) ? 'NA' : `${Math.round(share * 100)} %`;
}

/** Elapsed time, `0:07`, `12:03`, `1:02:03`. */
export function clock(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

export const JOB_TITLE: Readonly<Record<JobKind, string>> = {
  perceive: 'Find marks',
  analyze: 'Run recovery',
  whatIf: 'Hide and recover',
  selfTest: 'Self-test of recovery',
  learn: 'Learn from labels',
  export: 'Export report',
  repeat: 'Repeat an analysis',
  tracks: 'Read frames and spectrogram',
  import: 'Import annotations',
  exportAs: 'Export annotations',
  agreement: 'Compare raters',
  ratings: 'Read ratings',
  openProject: 'Open a project file',
  saveProject: 'Save the project',
  packProject: 'Copy the project with its media',
  preview: 'Prepare the preview',
};

/** One sentence for the live region at a change of state or step of a job. */
export function jobSentence(job: JobSnapshot): string {
  const title = JOB_TITLE[job.kind];
  if (job.state === 'running') return `${title}, step ${job.stepNumber} of ${job.stepCount}: ${job.step}`;
  if (job.state === 'failed') return `${title} failed. ${job.failure?.message ?? ''}`.trim();
  return `${title} ${job.state}`;
}

/** `1 recording`, `2 recordings`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
