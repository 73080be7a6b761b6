/** report.html: the report of one recording on one page, self-contained, without script and without outside reference. */
import { captionOf, svgPicture } from '../pictures/pictureFrame.js';
import { stateOverviewPicture, stateSeconds } from '../pictures/stateOverview.js';
import { timelinePicture, wholeRange } from '../pictures/timelinePicture.js';
import type { WaveformPeaks } from '../perception/perception.js';
import type { Problem, ProblemSeverity } from '../problems/problem.js';
import { escapeXml } from '../text/escapeXml.js';
import { formatHms } from '../time/format.js';
import { orderByStart } from '../time/orderByStart.js';
import { reportProblems } from './buildReport.js';
import { fitting, shorten } from './fitPage.js';
import { INTENDED_USE_NOTICE } from './intendedUse.js';
import { methodsParts } from './methods.js';
import { reportFigures } from './reportFigures.js';
import type { ReportInput } from './reportInput.js';

/** Room for problems, limits and the people of the timeline; all of them are in the report's other files. */
const PROBLEM_ROOM = { items: 5, characters: 800 };
const LONGEST_PROBLEM = 180;
const LIMIT_ROOM = { items: 8, characters: 520 };
const LONGEST_PARAGRAPH = 1_500;
const PEOPLE_SHOWN = 3;
/** Width of a picture that takes two fifths of the page, px. */
const NARROW = 372;
const ORDER: readonly ProblemSeverity[] = ['error', 'warning', 'note'];

/** Nothing is loaded and nothing runs, wherever the file is opened. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** One A4 page when printed. */
const STYLE = `
@page { size: A4; margin: 8mm 11mm; }
* { box-sizing: border-box; }
body { font: 7pt/1.27 'Segoe UI', 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', Arial, sans-serif;
  color: #1a1b1d; background: #fff; max-width: 188mm; margin: 0 auto; padding: 4mm 0; overflow-wrap: anywhere; }
@media print { body { padding: 0; max-width: none; } }
h1 { font-size: 12pt; margin: 0; } h2 { font-size: 8.5pt; margin: 1.5mm 0 .6mm; break-after: avoid; }
p { margin: 0 0 .8mm; } .two { color: #47494d; }
svg { width: 97%; height: auto; display: block; break-inside: avoid; }
.pair { display: grid; grid-template-columns: 2fr 3fr; column-gap: 4mm; align-items: start; }
.pair h2 { margin-top: 1.1mm; }
table { border-collapse: collapse; width: 100%; font-size: 6.4pt; } tr { break-inside: avoid; }
th, td { text-align: left; vertical-align: top; padding: .45mm 2mm .45mm 0; border-bottom: .2mm solid #d8d8d4; font-weight: 400; }
th[scope=row] { width: 33mm; color: #47494d; } .short { white-space: nowrap; } thead th { color: #47494d; }
.columns { columns: 3; column-gap: 5mm; font-size: 5.6pt; line-height: 1.22; }
.foot { margin: 1mm 0 0; font-size: 6.4pt; }
ol, ul { margin: 0 0 .8mm; padding-left: 3.4mm; } li { margin-bottom: .2mm; }
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
  const sorted = [...problems]
    .sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity))
    .map((problem) => ({
      ...problem,
      message: shorten(problem.message, LONGEST_PROBLEM),
      tip: shorten(problem.tip, LONGEST_PROBLEM),
    }));
  const { shown, left } = fitting(sorted, PROBLEM_ROOM, ({ message, tip }) => message.length + tip.length);
  const more = left > 0 ? tag('p', `And ${left} more, in problems.csv.`) : '';
  const head = ['Severity', 'Start', 'What happened', 'What can be done'].map(
    (words) => `<th scope="col" class="short">${words}</th>`,
  );
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>${shown.map(problemRow).join('')}</tbody></table>${more}`;
}

/** Limits that have room, those of every analysis first; the notice of intended use stands below the page. */
function limitsList(limits: readonly string[]): string {
  const own = limits.filter((limit) => limit !== INTENDED_USE_NOTICE);
  const { shown, left } = fitting(own, LIMIT_ROOM, ({ length }) => length);
  const more = left > 0 ? tag('li', `And ${left} more, in methods.md and on the bundle’s card.`) : '';
  return `<ul>${shown.map((limit) => tag('li', shorten(limit, LIMIT_ROOM.characters))).join('')}${more}</ul>`;
}

function timelineOf(input: ReportInput, peaks: WaveformPeaks | undefined): string {
  const { analysis, recordingId, appVersion, duration, labels } = input;
  const people = [...new Set(labels.map(({ raterId }) => raterId))].sort();
  const shown = new Set(people.slice(0, PEOPLE_SHOWN));
  const some = people.length > shown.size ? ` Labels of ${shown.size} of ${people.length} people.` : '';
  const what = `Marks over what was used of each modality, labels, and sentiment per segment.${some}`;
  const picture = timelinePicture(
    {
      range: wholeRange(duration),
      segments: orderByStart(analysis.segments),
      results: new Map(analysis.results.map((result) => [result.segmentId, result])),
      marks: orderByStart(analysis.marks),
      labels: labels.filter(({ raterId }) => shown.has(raterId)),
      intervalLevel: analysis.intervalLevel,
      ...(peaks === undefined ? {} : { peaks }),
    },
    captionOf(analysis, { recordingId, appVersion, what }),
  );
  return svgPicture(picture, { prefix: 'timeline' });
}

/** Two fifths of the page wide; legend and source are those of the timeline above it. */
function overviewOf({ analysis }: ReportInput): string {
  const results = new Map(analysis.results.map((result) => [result.segmentId, result]));
  const seconds = stateSeconds(analysis.segments, results);
  const caption = 'Share of the analysed time. Patterns and source as above.';
  const picture = stateOverviewPicture(seconds, caption, NARROW);
  return svgPicture({ ...picture, legend: () => [] }, { prefix: 'states' });
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
  const { paragraphs, limits, shortReferences } = methodsParts(input);
  const title = `Report of recording ${input.recordingId}`;
  const cut = paragraphs.some(({ length }) => length > LONGEST_PARAGRAPH);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `${tag('title', title)}<style>${STYLE}</style></head><body>`,
    tag('h1', title),
    `<p class="two">${escapeXml(about(input))}</p>`,
    timelineOf(input, peaks),
    '<div class="pair"><div>',
    overviewOf(input),
    '</div><div><h2>Main figures</h2>',
    figuresTable(input),
    '</div></div>',
    '<h2>Problems</h2>',
    problemsTable(reportProblems(input)),
    '<h2>Methods</h2><div class="columns">',
    ...paragraphs.map((paragraph) => tag('p', shorten(paragraph, LONGEST_PARAGRAPH))),
    ...(cut ? [tag('p', 'The whole text is in methods.md.')] : []),
    `<p><b>Limits</b></p>${limitsList(limits)}`,
    `<p><b>References</b>, in full in methods.md</p><ol>${shortReferences.map((item) => tag('li', item)).join('')}</ol>`,
    '</div>',
    `<p class="two foot"><b>Intended use.</b> ${escapeXml(INTENDED_USE_NOTICE)}</p>`,
    '</body></html>',
    '',
  ].join('\n');
}
