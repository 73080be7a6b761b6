/** report.html: the report of one recording on a page, self-contained, without script and without outside reference. */
import { captionOf, svgPicture } from '../pictures/pictureFrame.js';
import { stateOverviewPicture, stateSeconds } from '../pictures/stateOverview.js';
import { timelinePicture, wholeRange } from '../pictures/timelinePicture.js';
import type { WaveformPeaks } from '../perception/perception.js';
import type { Problem, ProblemSeverity } from '../problems/problem.js';
import { escapeXml } from '../text/escapeXml.js';
import { formatHms } from '../time/format.js';
import { orderByStart } from '../time/orderByStart.js';
import { reportProblems } from './buildReport.js';
import { INTENDED_USE_NOTICE } from './intendedUse.js';
import { methodsParts } from './methods.js';
import { reportFigures } from './reportFigures.js';
import type { ReportInput } from './reportInput.js';

/** Problems shown; all of them are in problems.csv. */
const SHOWN_PROBLEMS = 6;
const ORDER: readonly ProblemSeverity[] = ['error', 'warning', 'note'];

/** Nothing is loaded and nothing runs, wherever the file is opened. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const STYLE = `
@page { size: A4; margin: 10mm 12mm; }
* { box-sizing: border-box; }
body { font: 8.2pt/1.32 'Segoe UI', 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', Arial, sans-serif;
  color: #1a1b1d; background: #fff; max-width: 186mm; margin: 0 auto; padding: 4mm 0; overflow-wrap: anywhere; }
@media print { body { padding: 0; } }
h1 { font-size: 13pt; margin: 0; } h2 { font-size: 9.5pt; margin: 2.5mm 0 1mm; break-after: avoid; }
p { margin: 0 0 1mm; } .two { color: #47494d; }
svg { width: 100%; height: auto; display: block; break-inside: avoid; }
table { border-collapse: collapse; width: 100%; } tr { break-inside: avoid; }
th, td { text-align: left; vertical-align: top; padding: .6mm 2mm .6mm 0; border-bottom: .2mm solid #d8d8d4; font-weight: 400; }
th[scope=row] { width: 46mm; color: #47494d; } .short { white-space: nowrap; } thead th { color: #47494d; }
.columns { columns: 2; column-gap: 6mm; font-size: 7pt; line-height: 1.3; }
ol, ul { margin: 0; padding-left: 4mm; } li { margin-bottom: .4mm; }
`;

const tag = (name: string, words: string): string => `<${name}>${escapeXml(words)}</${name}>`;

function figuresTable(input: ReportInput): string {
  const rows = reportFigures(input).map(
    ({ name, value }) => `<tr><th scope="row">${escapeXml(name)}</th>${tag('td', value)}</tr>`,
  );
  return `<table>${rows.join('')}</table>`;
}

function problemRow({ severity, message, tip, range }: Problem): string {
  const start = range ? formatHms(range.start) : 'whole file';
  return `<tr><td class="short">${severity}</td><td class="short">${start}</td>${tag('td', message)}${tag('td', tip)}</tr>`;
}

function problemsTable(problems: readonly Problem[]): string {
  if (problems.length === 0) return tag('p', 'None.');
  const sorted = [...problems].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const left = problems.length - SHOWN_PROBLEMS;
  const more = left > 0 ? tag('p', `${left} more in problems.csv.`) : '';
  const head = ['Severity', 'Start', 'What happened', 'What can be done'].map(
    (words) => `<th scope="col">${words}</th>`,
  );
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>${sorted.slice(0, SHOWN_PROBLEMS).map(problemRow).join('')}</tbody></table>${more}`;
}

function pictures(input: ReportInput, peaks: WaveformPeaks | undefined): readonly string[] {
  const { analysis, recordingId, appVersion, duration, labels } = input;
  const results = new Map(analysis.results.map((result) => [result.segmentId, result]));
  const segments = orderByStart(analysis.segments);
  const caption = (what: string) => captionOf(analysis, { recordingId, appVersion, what });
  const timeline = timelinePicture(
    {
      range: wholeRange(duration),
      segments,
      results,
      marks: orderByStart(analysis.marks),
      labels,
      intervalLevel: analysis.intervalLevel,
      ...(peaks === undefined ? {} : { peaks }),
    },
    caption('Marks over what was used of each modality, labels, and sentiment per segment.'),
  );
  const overview = stateOverviewPicture(stateSeconds(segments, results), caption('Share of the analysed time.'));
  return [svgPicture(timeline, { prefix: 'timeline' }), svgPicture(overview, { prefix: 'states' })];
}

function about(input: ReportInput): string {
  const { analysis, appVersion, duration, participant, session, sourceFile } = input;
  const parts = [
    ...(participant === undefined ? [] : [`Participant ${participant}`]),
    ...(session === undefined ? [] : [`session ${session}`]),
    `${formatHms(duration)} long`,
    ...(sourceFile === undefined ? [] : [sourceFile]),
    `analysed with Lacuna ${appVersion}, bundle ${analysis.bundle.id} ${analysis.bundle.version}`,
  ];
  return `${parts.join(', ')}.`;
}

/**
 * The page. Every word that comes from a file or a person is escaped. The same input gives the same bytes.
 * @param input as the report may show it: what is to be left out is left out already.
 */
export function htmlReport(input: ReportInput, peaks?: WaveformPeaks): string {
  const { paragraphs, limits, references } = methodsParts(input);
  const title = `Report of recording ${input.recordingId}`;
  const list = (items: readonly string[]) => items.map((item) => tag('li', item)).join('');
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `${tag('title', title)}<style>${STYLE}</style></head><body>`,
    tag('h1', title),
    `<p class="two">${escapeXml(about(input))}</p>`,
    ...pictures(input, peaks),
    '<h2>Main figures</h2>',
    figuresTable(input),
    '<h2>Problems</h2>',
    problemsTable(reportProblems(input)),
    '<h2>Methods</h2><div class="columns">',
    ...paragraphs.map((paragraph) => tag('p', paragraph)),
    `<p><b>Limits</b></p><ul>${list(limits)}</ul>`,
    `<p><b>References</b></p><ol>${list(references)}</ol>`,
    '</div>',
    `<p class="two"><b>Intended use.</b> ${escapeXml(INTENDED_USE_NOTICE)}</p>`,
    '</body></html>',
    '',
  ].join('\n');
}
