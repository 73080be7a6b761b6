import { ProblemError } from '../../core/problems/problem.js';
import { UsageError } from './analyzeOptions.js';

/** Exit status of the command line; `analyze --help` explains them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  unreadableInput: 3,
  bundleRefused: 4,
  differs: 5,
  cancelled: 130,
} as const;

/** Areas of problem codes (`area.what`) and what they mean for the caller. */
const BY_AREA: Readonly<Record<string, number>> = {
  media: EXIT.unreadableInput,
  transcript: EXIT.unreadableInput,
  marks: EXIT.unreadableInput,
  ratings: EXIT.unreadableInput,
  agreement: EXIT.unreadableInput,
  import: EXIT.unreadableInput,
  features: EXIT.unreadableInput,
  bundle: EXIT.bundleRefused,
  repeat: EXIT.unreadableInput,
};

/** Codes that mean something else than their area: a wrong command line, or a machine without its programs. */
const BY_CODE: Readonly<Record<string, number>> = {
  'report.folder-not-empty': EXIT.usage,
  'export.exists': EXIT.usage,
  'provider.unknown': EXIT.usage,
  'analysis.too-many-samples': EXIT.usage,
  'repeat.no-recording': EXIT.usage,
  'repeat.words-left-out': EXIT.usage,
  'repeat.version-differs': EXIT.failed,
  'repeat.extractors-differ': EXIT.failed,
  'repeat.bundle-differs': EXIT.bundleRefused,
  'media.no_ffmpeg': EXIT.failed,
  'media.no_ffprobe': EXIT.failed,
  'media.program_failed': EXIT.failed,
};

/** Exit status for an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (!(error instanceof ProblemError)) return EXIT.failed;
  const { code } = error.problem;
  return BY_CODE[code] ?? BY_AREA[code.split('.')[0] ?? ''] ?? EXIT.failed;
}
