import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { parseMarksCsv } from '../../../core/marks/parseMarksCsv.js';
import { REPORT_COLUMNS } from '../../../core/report/columns.js';
import { INTENDED_USE_NOTICE } from '../../../core/report/intendedUse.js';
import { fileMeaning } from '../../../core/report/readme.js';
import { REPORT_FILES, reportFiles } from '../../../core/report/reportFiles.js';
import { DEFAULT_REPORT_OPTIONS, type ReportOptions } from '../../../core/report/reportOptions.js';
import { withoutPlaces } from '../../../core/report/withhold.js';
import { mark } from '../fixtures.js';
import { SOURCES } from './reportSources.js';

type Row = Record<string, string>;

function texts(options: Partial<ReportOptions> = {}, sources = SOURCES): Map<string, string> {
  const files = reportFiles(sources, { ...DEFAULT_REPORT_OPTIONS, ...options });
  return new Map(files.map((file) => [file.name, [...file.chunks()].join('')]));
}

function rows(name: string, options: Partial<ReportOptions> = {}): Row[] {
  const text = texts(options)
    .get(name)!
    .replace(/^\uFEFF/, '');
  return Papa.parse<Row>(text, { header: true, skipEmptyLines: true }).data;
}

describe('the files of a report', () => {
  it('are all known by name, each with a sentence that README.txt says of it', () => {
    const everything = { wide: true, dataHandling: true, html: true, pdf: true };
    const all = texts(everything, { ...SOURCES, pdf: new Uint8Array([37, 80]) });
    expect(REPORT_FILES).toEqual(expect.arrayContaining([...all.keys()]));
    for (const name of REPORT_FILES) {
      expect(fileMeaning(name), name).not.toBe('');
      expect(all.get('README.txt'), name).toContain(name);
    }
    expect(texts().has('segments_wide.csv')).toBe(false);
    expect(texts().has('data-handling.md')).toBe(false);
  });

  it('are the same bytes for the same input but for the time in provenance.json', () => {
    const later = { ...SOURCES, about: { ...SOURCES.about, createdUtc: '2027-05-05T00:00:00Z' } };
    const [first, second] = [texts({ wide: true }), texts({ wide: true }, later)];
    for (const [name, text] of first) {
      if (name === 'provenance.json') expect(second.get(name)).not.toBe(text);
      else expect(second.get(name), name).toBe(text);
    }
  });

  it('begin with a byte order mark only where it is asked for, and BIDS files never', () => {
    for (const [name, text] of texts({ byteOrderMark: true })) {
      expect(text.startsWith('\uFEFF'), name).toBe(name.endsWith('.csv'));
    }
    for (const [name, text] of texts()) expect(text.startsWith('\uFEFF'), name).toBe(false);
  });
});

describe('what a report leaves out', () => {
  it('names and places of files, and names of raters and speakers, unless they are asked for', () => {
    for (const [name, text] of texts({ notes: false })) {
      expect(text, name).not.toContain('interview');
      expect(text, name).not.toContain('/home/anna');
      expect(text, name).not.toContain('Users\\');
      expect(text, name).not.toContain('Berta');
      expect(text, name).not.toContain('Anna');
    }
    expect(rows('segments.csv').map((row) => row['rater_id'])).toEqual(['model', 'R1', 'R2', 'model']);
    expect(rows('segments.csv')[0]).toMatchObject({ speaker: 'S1', source_file: 'NA' });
    const open = rows('segments.csv', { fileNames: true, raterNames: true });
    expect(open.map((row) => row['rater_id'])).toEqual(['model', 'Berta', 'R1', 'model']);
    expect(open[0]).toMatchObject({ speaker: 'Anna', source_file: 'Anna interview.mp4' });
    expect(texts({ fileNames: true }).get('provenance.json')).toContain('/home/anna/study 1/Anna interview.mp4');
  });

  it('transcripts and speakers on request, everywhere', () => {
    for (const [name, text] of texts({ transcripts: false })) expect(text, name).not.toContain('Hello');
    expect(rows('segments.csv', { transcripts: false })[0]).toMatchObject({ transcript: 'NA', speaker: 'NA' });
    expect(texts({ transcripts: false }).get('README.txt')).toContain('Left out on request or by default: transcripts');
  });

  it('notes of people on request, but not the findings of detectors', () => {
    const text = [...texts({ notes: false }).values()].join('');
    expect(text).not.toContain('coughs');
    expect(text).not.toContain('SUM(A1)');
    expect(text).toContain('SNR 3');
  });

  it('remarks about segments with the notes, in the tables and in provenance.json; who was recorded stays in both', () => {
    const { analysis } = SOURCES.input;
    const [first, ...others] = analysis.segments;
    const segments = [{ ...first!, note: 'whispers' }, ...others];
    const input = { ...SOURCES.input, participant: 'P07', session: 'S1', analysis: { ...analysis, segments } };
    const sources = { ...SOURCES, input };
    expect(texts({}, sources).get('segments.csv')).toContain('whispers');
    expect(texts({}, sources).get('provenance.json')).toContain('whispers');
    const files = texts({ notes: false }, sources);
    for (const [name, text] of files) expect(text, name).not.toContain('whispers');
    expect(files.get('segments.csv')).toContain(',P07,S1,');
    expect(JSON.parse(files.get('provenance.json')!)).toMatchObject({ work: { participant: 'P07', session: 'S1' } });
  });

  it('paths in messages, without touching words with slashes', () => {
    expect(withoutPlaces('See and/or 3 m/s, 1/2.', [])).toBe('See and/or 3 m/s, 1/2.');
    expect(withoutPlaces('In /data/p01/a.wav, line 3.', [])).toBe('In [file], line 3.');
    expect(withoutPlaces('file:///data/x.wav and \\\\server\\share\\x', [])).toBe('[file] and [file]');
    expect(withoutPlaces('My film.mp4: cut', ['My film.mp4'])).toBe('[file]: cut');
  });
});

describe('agreement', () => {
  it('is left out on request, and README.txt and provenance.json say so', () => {
    const files = texts({ agreement: false });
    expect([...files.keys()].filter((name) => name.startsWith('agreement'))).toEqual([]);
    expect(texts().has('agreement.csv')).toBe(true);
    expect(files.get('README.txt')).toContain('agreement of raters');
    expect(files.get('README.txt')).not.toContain('agreement.csv');
    expect(files.get('datapackage.json')).not.toContain('agreement');
    expect(JSON.parse(files.get('provenance.json')!)).toMatchObject({ report: { agreement: false } });
    expect(JSON.parse(texts().get('provenance.json')!)).toMatchObject({ report: { agreement: true } });
  });

  it('left out changes no other table but the codebook', () => {
    const without = texts({ agreement: false });
    for (const [name, text] of texts()) {
      if (name.endsWith('.csv') && without.has(name) && name !== 'codebook.csv') expect(without.get(name)).toBe(text);
    }
  });
});

describe('marks.csv', () => {
  const own = [
    mark({ id: 'm1', kind: 'other', ownKind: 'chewing', raterId: 'Carla', note: '' }),
    mark({ id: 'm2', kind: 'noisy', source: 'auto', detector: 'snr/1', reviewedBy: 'Berta', note: '' }),
  ];
  const { input } = SOURCES;
  const marked = { ...SOURCES, input: { ...input, analysis: { ...input.analysis, marks: own } } };
  const table = (options: Partial<ReportOptions> = {}) =>
    Papa.parse<Row>(texts(options, marked).get('marks.csv')!, { header: true, skipEmptyLines: true }).data;

  it('gives kinds of the person’s own, who marked and who reviewed, in columns at its end', () => {
    expect(table({ raterNames: true })).toMatchObject([
      { kind: 'other', own_kind: 'chewing', rater_id: 'Carla', reviewed_by: 'NA' },
      { kind: 'noisy', own_kind: 'NA', rater_id: 'NA', reviewed_by: 'Berta' },
    ]);
    expect(Object.keys(table()[0]!).slice(-4)).toEqual(['note', 'own_kind', 'rater_id', 'reviewed_by']);
  });

  it('numbers people as segments.csv does, and no file names them', () => {
    expect(table().map((row) => [row['rater_id'], row['reviewed_by']])).toEqual([
      ['R3', 'NA'],
      ['NA', 'R2'],
    ]);
    for (const [name, text] of texts({}, marked)) expect(text, name).not.toMatch(/Carla|Berta/);
  });

  it('comes back with its own kinds', () => {
    const text = texts({}, marked).get('marks.csv')!;
    const { marks } = parseMarksCsv(new TextEncoder().encode(text), input.duration);
    expect(marks.map(({ kind, ownKind }) => [kind, ownKind])).toContainEqual(['other', 'chewing']);
  });
});

describe('single tables', () => {
  it('frames_excluded.csv gives reason, threshold and what was measured, confirmed rejections included', () => {
    expect(rows('frames_excluded.csv').map((row) => [row['modality'], row['start_s'], row['reason']])).toEqual([
      ['audio', '1.000', 'mark'],
      ['visual', '3.000', 'no_face'],
      ['audio', '5.000', 'not_decoded'],
    ]);
    expect(rows('frames_excluded.csv')[1]).toMatchObject({
      row_count: '5',
      measured: '0.2100',
      threshold_name: 'faceScoreMin',
      threshold: '0.5000',
      threshold_unit: '0 to 1',
    });
  });

  it('segments_wide.csv has one row per segment, with the raters side by side in the last columns', () => {
    const wide = rows('segments_wide.csv', { wide: true });
    expect(wide.map((row) => row['segment_id'])).toEqual(['s0001', 's0002']);
    expect(wide[0]).toMatchObject({
      rater1_id: 'R1',
      rater1_label: 'anger',
      rater1_score: 'NA',
      rater1_note: "'=SUM(A1)",
      rater2_id: 'R2',
      rater2_label: 'sadness',
      rater2_score: '-1.0000',
    });
    expect(wide[1]).toMatchObject({ model_label: 'NA', rater1_id: 'NA', rater2_label: 'NA' });
    expect(Object.keys(wide[0]!).slice(-8, -4)).toEqual(['rater1_id', 'rater1_label', 'rater1_score', 'rater1_note']);
  });

  it('pictures are counted at the average frame rate, the end not included', () => {
    expect(rows('segments.csv')[0]).toMatchObject({ start_frame: '13', end_frame: '50' });
  });

  it('columns that a version has published stay where they are', () => {
    const names = REPORT_COLUMNS['segments.csv'].map(({ name }) => name);
    expect(names.slice(0, 9)).toEqual([
      ...['recording_id', 'segment_id', 'rater_id', 'rater_type', 'start_s', 'end_s', 'start_hms', 'end_hms'],
      'duration_s',
    ]);
    expect(names.indexOf('modified_utc')).toBe(50);
    expect(names.slice(51, 55)).toEqual(['speaker', 'start_frame', 'end_frame', 'source_file']);
    const review = names.indexOf('uncertainty_input');
    expect(names.slice(review, review + 6).join()).toBe(
      'uncertainty_input,uncertainty_recovery,uncertainty_prediction,uncertainty,review,reviewed_utc',
    );
  });
});

describe('methods.md', () => {
  const methods = texts().get('methods.md')!;

  it('says what was used: segments, states, samples, sampler, seed, provider, thresholds', () => {
    expect(methods).toContain('divided into 2 segments');
    expect(methods).toContain('visual: 1 recovered, 1 missing');
    expect(methods).toContain('8 samples of its representation');
    expect(methods).toContain('6 network evaluations of DPM-Solver++(2M)');
    expect(methods).toContain('(seed 7)');
    expect(methods).toContain('| snrMinDb | 12 | dB |');
    expect(methods).toContain('2 people gave 2 labels');
  });

  it('cites works in the order of their numbers, each with an entry', () => {
    const [text = '', list = ''] = methods.split('## References');
    const cited = [...text.matchAll(/\[(\d+(?:, \d+)*)\]/g)].flatMap((match) => match[1]!.split(', ').map(Number));
    const firsts = cited.filter((number, index) => cited.indexOf(number) === index);
    expect(firsts).toEqual(firsts.map((_, index) => index + 1));
    expect(list.match(/^\d+\. /gm)).toHaveLength(firsts.length);
    expect(list).toContain('arXiv:2505.17501');
    expect(list).toContain('arXiv:2211.01095');
  });

  it('names the limits of the bundle’s card and the intended use', () => {
    expect(methods).toContain('- Acted emotions only.');
    expect(methods).toContain(INTENDED_USE_NOTICE);
  });

  it('does not claim recovery when it was switched off, nor a sampler that was not used', () => {
    const { input } = SOURCES;
    const parameters = { ...input.analysis.parameters, recover: false };
    const off = texts({}, { ...SOURCES, input: { ...input, analysis: { ...input.analysis, parameters } } });
    expect(off.get('methods.md')).toContain('recovery was switched off');
    expect(off.get('methods.md')).not.toContain('DPM-Solver');
  });
});
