import type { Analysis } from '../../core/analysis/analysis.js';
import { distinctProblems } from '../../core/problems/distinctProblems.js';
import type { Problem } from '../../core/problems/problem.js';
import { EMOTIONS } from '../../core/recording/emotion.js';
import { MODALITIES, MODALITY_STATES } from '../../core/recording/modality.js';
import { formatHms } from '../../core/time/format.js';
import type { Microseconds } from '../../core/time/microseconds.js';
import { toSeconds } from '../../core/time/microseconds.js';
import type { ReportFiles } from '../contract/types.js';

export interface SummaryInput {
  readonly recordingId: string;
  readonly duration: Microseconds;
  readonly analysis: Analysis;
  /** Problems met before the analysis. */
  readonly problems: readonly Problem[];
  readonly report: ReportFiles;
  readonly elapsedMs: number;
  /** Name of a transcript that lies beside the recording and was not used. */
  readonly unusedTranscript?: string;
}

/** The short text that `analyze` ends with. */
export function summaryText(input: SummaryInput): string {
  const { analysis, duration, report } = input;
  const { results, parameters } = analysis;
  const elapsed = input.elapsedMs / 1000;
  const rows: (readonly [string, string])[] = [
    ['recording', `${input.recordingId}, ${formatHms(duration)}, ${plural(results.length, 'segment')}`],
    ...MODALITIES.map((modality) => [modality, states(analysis, modality)] as const),
    ['emotions', emotions(analysis)],
    ['score', scores(analysis)],
    ['bundle', `${analysis.bundle.id} ${analysis.bundle.version} on ${analysis.provider}`],
    ['samples', parameters.recover ? `${parameters.samples}, seed ${parameters.seed}` : 'none, recovery is off'],
    ['problems', problemCounts([...input.problems, ...analysis.problems])],
    ['report', `${report.folder} (${plural(report.files.length, 'file')})`],
    ['time', `${elapsed.toFixed(1)} s, ${(toSeconds(duration) / elapsed).toFixed(1)} x real time`],
  ];
  if (input.unusedTranscript !== undefined) {
    rows.push(['note', `${input.unusedTranscript} lies beside the recording and was not used; --transcript takes it.`]);
  }
  return rows.map(([name, text]) => `${name.padEnd(11)}${text}\n`).join('');
}

function states({ results }: Analysis, modality: (typeof MODALITIES)[number]): string {
  return (
    MODALITY_STATES.map((state) => [results.filter(({ use }) => use[modality].state === state).length, state] as const)
      .filter(([count]) => count > 0)
      .map(([count, state]) => `${count} ${state}`)
      .join(', ') || 'no segments'
  );
}

function emotions({ results }: Analysis): string {
  const counts = EMOTIONS.map((emotion) => {
    return [results.filter(({ estimate }) => estimate?.label === emotion).length, emotion] as const;
  });
  const found = counts.filter(([count]) => count > 0).sort((a, b) => b[0] - a[0]);
  const none = results.filter(({ estimate }) => estimate === undefined).length;
  const parts = [...found, ...(none > 0 ? [[none, 'without an estimate'] as const] : [])];
  return parts.map(([count, name]) => `${count} ${name}`).join(', ') || 'none';
}

function scores({ results }: Analysis): string {
  const values = results.flatMap(({ estimate }) => (estimate === undefined ? [] : [estimate.score.value]));
  if (values.length === 0) return 'none';
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `mean ${mean.toFixed(2)}, from ${low.toFixed(2)} to ${high.toFixed(2)} (scale -3 to 3)`;
}

function problemCounts(problems: readonly Problem[]): string {
  const unique = distinctProblems(problems);
  const count = (severity: Problem['severity']): number => unique.filter((item) => item.severity === severity).length;
  const parts = [
    [count('error'), 'error'],
    [count('warning'), 'warning'],
    [count('note'), 'note'],
  ] as const;
  const text = parts.filter(([number]) => number > 0).map(([number, name]) => plural(number, name));
  return text.length === 0 ? 'none' : `${text.join(', ')}, see problems.csv`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
