import { describe, expect, it } from 'vitest';
import { htmlReport } from '../../../core/report/htmlReport.js';
import { reportFiles } from '../../../core/report/reportFiles.js';
import { DEFAULT_REPORT_OPTIONS } from '../../../core/report/reportOptions.js';
import { shortReference } from '../../../core/report/references.js';
import { range } from '../fixtures.js';
import { crowdedInput } from './crowdedReport.js';
import { SOURCES } from './reportSources.js';

const HOSTILE = `</p><script>alert('x')</script><img src=x onerror=alert(1)>"'&`;
const { input } = SOURCES;

/** The input with hostile words wherever a file or a person can put some. */
const hostile = {
  ...input,
  participant: HOSTILE,
  session: HOSTILE,
  sourceFile: HOSTILE,
  labels: input.labels.map((label) => ({ ...label, raterId: HOSTILE, note: HOSTILE })),
  problems: [{ code: 'transcript.x', severity: 'error' as const, message: HOSTILE, tip: HOSTILE, range: range(1, 2) }],
  analysis: {
    ...input.analysis,
    segments: input.analysis.segments.map((segment) => ({ ...segment, text: HOSTILE, speaker: HOSTILE })),
    marks: input.analysis.marks.map((mark) => ({ ...mark, kind: HOSTILE, note: HOSTILE })),
    bundle: {
      ...input.analysis.bundle,
      id: HOSTILE,
      facts: { ...input.analysis.bundle.facts!, title: HOSTILE, limits: [HOSTILE], calibratedOn: HOSTILE },
    },
  },
} as unknown as typeof input;

describe('report.html', () => {
  const html = htmlReport(input);

  it('lets no word of a transcript, a label, a mark, a file or a bundle become markup', () => {
    const page = htmlReport(hostile);
    expect(page).not.toMatch(/<script|<img|onerror=alert\(1\)>/i);
    expect(page).toContain('&lt;script&gt;');
    expect(page.match(/<[a-z][^>]*\son\w+=/gi)).toBeNull();
  });

  it('holds everything in itself: no script, no address, no outside reference', () => {
    expect(html).not.toMatch(/<(script|link|iframe|object|embed|base|form)\b/i);
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/\b(src|href|url)\s*=|https?:|@import/i);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('shows timeline, states, figures, problems and methods with references', () => {
    expect(html.match(/<svg /g)).toHaveLength(2);
    for (const words of [
      'Main figures',
      'Problems',
      'Methods',
      'arXiv:2505.17501',
      'Not for decisions about individuals',
    ]) {
      expect(html).toContain(words);
    }
    expect(html).toContain('2 analysed, 3.5 s; 1 without an estimate');
    expect(html).toContain('1 segment uses recovered input');
  });

  it('shows what has room on its page and says how much more there is, and where', () => {
    const page = htmlReport(crowdedInput());
    expect(page).toContain('And 118 more, in problems.csv.');
    expect(page).toMatch(/And \d+ more, in methods\.md and on the bundle’s card\./);
    expect(page).toContain('Labels of 3 of 6 people.');
    // the words of a page do not grow with what it is about: so it stays one page
    const words = (text: string) => text.replace(/<svg.*?<\/svg>/gs, '').replace(/<[^>]*>/g, '').length;
    expect(words(page)).toBeLessThan(1.35 * words(html));
  });

  it('cites with short references whose titles and identifiers are whole', () => {
    const short = (reference: string) => shortReference(reference);
    expect(short('Jin, Y., Liu, X., & Yang, K. (2025). RoHyDR: Recovery. arXiv:2505.17501.')).toBe(
      'Jin et al. (2025). RoHyDR: Recovery. arXiv:2505.17501.',
    );
    expect(short('Reimers, N., & Gurevych, I. (2019). Sentence-BERT. arXiv:1908.10084.')).toBe(
      'Reimers & Gurevych (2019). Sentence-BERT. arXiv:1908.10084.',
    );
    expect(short('Silero Team (2024). Silero VAD.')).toBe('Silero Team (2024). Silero VAD.');
  });

  it('has no number that is none', () => {
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    expect(htmlReport({ ...input, analysis: { ...input.analysis, results: [] }, labels: [] })).toMatch(/<td>NA<\/td>/);
  });

  it('is written with the report on request, with a PDF only where one was printed, and the same bytes every time', () => {
    const names = (options: object, pdf?: Uint8Array) =>
      reportFiles(pdf ? { ...SOURCES, pdf } : SOURCES, { ...DEFAULT_REPORT_OPTIONS, ...options }).map(
        ({ name }) => name,
      );
    expect(names({})).not.toContain('report.html');
    expect(names({ html: true, pdf: true })).toContain('report.html');
    expect(names({ html: true, pdf: true })).not.toContain('report.pdf');
    expect(names({ pdf: true }, new Uint8Array([1]))).toContain('report.pdf');
    expect(htmlReport(input)).toBe(html);
  });

  it('leaves out what the options leave out', () => {
    const file = reportFiles(SOURCES, { ...DEFAULT_REPORT_OPTIONS, html: true }).find(
      ({ name }) => name === 'report.html',
    );
    const text = [...file!.chunks()].join('');
    expect(text).not.toMatch(/Anna|anna|Berta/);
  });
});
