import type { LearnExample } from './learnExamples.js';

/** The labels that were learned from as text, one line each in order of recording and time; its hash names them. */
export function labelsText(examples: readonly LearnExample[]): string {
  const line = ({ recordingId, segmentId, label, raterScore }: LearnExample): string =>
    [recordingId, segmentId, label, raterScore ?? 'NA'].join(' ');
  return [...examples]
    .sort((a, b) => (a.recordingId === b.recordingId ? a.start - b.start : a.recordingId < b.recordingId ? -1 : 1))
    .map(line)
    .join('\n');
}
