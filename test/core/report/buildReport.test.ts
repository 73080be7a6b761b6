import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { buildReport, reportProblems } from '../../../core/report/buildReport.js';
import type { ReportInput } from '../../../core/report/reportInput.js';
import { DEFAULT_REPORT_OPTIONS } from '../../../core/report/reportOptions.js';
import { generateCodebookMarkdown } from '../../../core/report/codebook.js';
import { REPORT_COLUMNS, type ReportFileName } from '../../../core/report/columns.js';
import { buildProvenance, formatProvenance } from '../../../core/report/provenance.js';
import { parseMarksCsv } from '../../../core/marks/parseMarksCsv.js';
import { EMOTIONS } from '../../../core/recording/emotion.js';
import type { Ablation } from '../../../core/recovery/estimate.js';
import { fromSeconds } from '../../../core/time/microseconds.js';
import {
  csvText,
  analysis,
  estimate,
  mark,
  perception,
  processorTime,
  range,
  RUNAWAY_MILLISECONDS,
  segment,
  use,
} from '../fixtures.js';

function without(from: string, score: number, label: Ablation['label']): Ablation {
  const probabilities = EMOTIONS.map((emotion) => (emotion === label ? 0.4 : 0.1));
  return { from, score: { value: score, low: score - 1, high: score + 1 }, probabilities, label, confidence: 0.4 };
}

const INPUT: ReportInput = {
  recordingId: 'rec-0123456789ab',
  inputSha256: '0123456789abcdef'.repeat(4),
  duration: fromSeconds(6),
  appVersion: '0.1.0',
  labels: [
    { segmentId: 's0001', raterId: 'R2', label: 'sadness', score: -1, modifiedUtc: '2026-01-01T00:00:00Z' },
    { segmentId: 's0001', raterId: 'R1', label: 'anger', note: '=cmd()', modifiedUtc: '2026-01-02T00:00:00Z' },
  ],
  problems: [{ code: 'media.truncated', severity: 'warning', message: 'Cut.', tip: 'Look.', range: range(5, 6) }],
  analysis: analysis({
    segments: [segment('s0002', 3, 5), segment('s0001', 0.5, 2, 'Hello, "you"')],
    marks: [
      mark({
        id: 'auto-1',
        range: range(4, 5),
        source: 'auto',
        detector: 'snr/1',
        confidence: 0.8,
        review: 'proposed',
      }),
      mark({ id: 'human-1', range: range(1, 2), note: '-x' }),
    ],
    results: [
      {
        segmentId: 's0001',
        use: {
          text: use(),
          audio: use({ quality: 0.75 }),
          visual: use({ state: 'recovered', usableFraction: 0.2, samples: 8, spread: 0.31, reason: 'no face' }),
        },
        estimate: estimate({
          scoreSpread: 0.1,
          scoreWithoutRecovery: 0,
          ablations: {
            recovery: without('TA', 0, 'sadness'),
            text: without('A', 0.75, 'anger'),
            visual: without('TA', 0, 'sadness'),
          },
          decoded: { visual: [{ name: 'smile', unit: '0 to 1', mean: 0.5, low: 0.4, high: 0.6 }] },
        }),
      },
      {
        segmentId: 's0002',
        use: {
          text: use({ state: 'missing', usableFraction: 0 }),
          audio: use({ state: 'missing', usableFraction: 0 }),
          visual: use({ state: 'missing', usableFraction: 0 }),
        },
      },
    ],
  }),
};

function write(input: ReportInput): Map<string, string> {
  return new Map(buildReport(input).map((table) => [table.fileName, csvText(table.columns, table.rows())]));
}

function rowsOf(fileName: ReportFileName, input = INPUT): Record<string, string>[] {
  return Papa.parse<Record<string, string>>(write(input).get(fileName)!, { header: true, skipEmptyLines: true }).data;
}

describe('segments.csv', () => {
  it('has a row per segment for the model, then one per person, in order of time', () => {
    expect(
      rowsOf('segments.csv').map((row) => [row['segment_id'], row['rater_id'], row['rater_type'], row['label']]),
    ).toEqual([
      ['s0001', 'model', 'model', 'neutral'],
      ['s0001', 'R1', 'human', 'anger'],
      ['s0001', 'R2', 'human', 'sadness'],
      ['s0002', 'model', 'model', 'NA'],
    ]);
  });

  it('says who, when and under which conditions, what is flagged and noted; NA where the project does not say', () => {
    const [flagged, ...others] = INPUT.analysis.segments;
    const segments = [{ ...flagged!, flagged: true as const, note: 'look again' }, ...others];
    const placed = {
      ...INPUT,
      participant: 'P07',
      session: 'S1',
      conditions: { mood: 'low', age: '31.5' },
      analysis: { ...INPUT.analysis, segments },
    };
    const rows = rowsOf('segments.csv', placed);
    expect(rows[0]).toMatchObject({
      participant_id: 'P07',
      session_id: 'S1',
      conditions: 'age=31.5; mood=low',
      flagged: 'no',
      segment_note: 'NA',
    });
    expect(rows.at(-1)).toMatchObject({ segment_id: 's0002', flagged: 'yes', segment_note: 'look again' });
    expect(rowsOf('segments.csv')[0]).toMatchObject({ participant_id: 'NA', session_id: 'NA', conditions: 'NA' });
  });

  it('has every column that was asked for, with both forms of a time from one integer', () => {
    const [row] = rowsOf('segments.csv');
    expect(row).toMatchObject({
      recording_id: 'rec-0123456789ab',
      start_s: '0.500',
      end_s: '2.000',
      start_hms: '00:00:00.500',
      end_hms: '00:00:02.000',
      text_state: 'observed',
      audio_state: 'observed',
      visual_state: 'recovered',
      score: '-0.2500',
      score_low: '-1.0000',
      score_high: '0.5000',
      p_neutral: '0.4000',
      p_surprise: '0.1000',
      confidence: '0.4000',
      transcript: 'Hello, "you"',
      audio_quality: '0.7500',
      text_quality: 'NA',
      seed: '7',
    });
  });

  it('keeps input quality, recovery spread and confidence apart, and says what less would give', () => {
    const [model, person] = rowsOf('segments.csv');
    expect(model).toMatchObject({ audio_quality: '0.7500', visual_spread: '0.3100', audio_spread: 'NA' });
    expect(model).toMatchObject({ confidence: '0.4000', score_spread: '0.1000' });
    expect(model).toMatchObject({ score_without_recovery: '0.0000', label_without_recovery: 'sadness' });
    expect(model).toMatchObject({ score_without_text_high: '1.7500', confidence_without_text: '0.4000' });
    expect(model).toMatchObject({ score_without_audio: 'NA', label_without_audio: 'NA' });
    expect(model).toMatchObject({ label_flips_without_recovery: 'yes', label_flips_without_audio: 'NA' });
    expect(person).toMatchObject({ rater_type: 'human', score_without_text: 'NA', visual_spread: 'NA' });
  });

  it('missing is never written as zero: a segment without an estimate has NA in every number', () => {
    const row = rowsOf('segments.csv').find((item) => item['segment_id'] === 's0002')!;
    for (const name of [
      'label',
      'score',
      'score_low',
      'score_high',
      'p_neutral',
      'p_anger_low',
      'confidence',
      'transcript',
    ]) {
      expect(row[name]).toBe('NA');
    }
  });

  it('gives a person neither the model’s probabilities nor a score that was not given', () => {
    const [, r1, r2] = rowsOf('segments.csv');
    expect(r1).toMatchObject({ score: 'NA', p_neutral: 'NA', confidence: 'NA', model_name: 'NA', note: "'=cmd()" });
    expect(r2).toMatchObject({ score: '-1.0000', score_low: 'NA' });
  });
});

describe('timeline.csv', () => {
  it('has ten rows per second from 0 to before the end, NA outside segments', () => {
    const rows = rowsOf('timeline.csv');
    expect(rows).toHaveLength(60);
    expect(rows[0]).toMatchObject({ time_s: '0.000', segment_id: 'NA', score: 'NA', visual_state: 'NA' });
    expect(rows[5]).toMatchObject({
      time_s: '0.500',
      segment_id: 's0001',
      score: '-0.2500',
      visual_state: 'recovered',
    });
    expect(rows[20]).toMatchObject({ time_s: '2.000', segment_id: 'NA' });
    expect(rows[30]).toMatchObject({ segment_id: 's0002', score: 'NA', audio_state: 'missing' });
  });

  it('shows the segment that started last where segments overlap', () => {
    const segments = [segment('s0001', 0, 4, 'a'), segment('s0002', 1, 2, 'b')];
    const rows = rowsOf('timeline.csv', { ...INPUT, analysis: { ...INPUT.analysis, segments } });
    expect([5, 15, 25].map((index) => rows[index]!['segment_id'])).toEqual(['s0001', 's0002', 's0001']);
  });
});

describe('recovery.csv', () => {
  it('has a row per segment and modality and tells what recovery changed', () => {
    const rows = rowsOf('recovery.csv');
    expect(rows).toHaveLength(6);
    expect(rows[2]).toMatchObject({
      modality: 'visual',
      state: 'recovered',
      reason: 'no face',
      usable_fraction: '0.2000',
      recovered_fraction: '1.0000',
      samples: '8',
      spread: '0.3100',
      score_with_recovery: '-0.2500',
      score_without_recovery: '0.0000',
    });
    expect(rows[1]).toMatchObject({ recovered_fraction: '0.0000', samples: 'NA', score_with_recovery: 'NA' });
    expect(rows[0]).toMatchObject({
      score_without_modality: '0.7500',
      score_without_modality_low: '-0.2500',
      label_without_modality: 'anger',
      read_without_modality: 'A',
      score_without_recovery_low: 'NA',
    });
    expect(rows[1]).toMatchObject({ score_without_modality: 'NA', label_without_modality: 'NA' });
    expect(rows[2]).toMatchObject({ score_without_recovery_low: '-1.0000', label_without_recovery: 'sadness' });
    expect(rowsOf('recovery_decoded.csv')).toMatchObject([{ descriptor: 'smile', mean: '0.5000', low: '0.4000' }]);
  });
});

describe('marks.csv and problems.csv', () => {
  it('marks can be read back: what a person confirmed comes in, proposals do not', () => {
    const { marks, problems } = parseMarksCsv(new TextEncoder().encode(write(INPUT).get('marks.csv')), fromSeconds(6));
    expect(marks).toMatchObject([{ modality: 'audio', range: range(1, 2), kind: 'noisy', severity: 2, note: '-x' }]);
    expect(problems.map((problem) => problem.code)).toEqual(['marks.columns_ignored', 'marks.mark_unconfirmed']);
  });

  it('problems have their times, and a label whose segment is gone is one', () => {
    const labels = [{ segmentId: 's9999', raterId: 'R1', label: 'fear' as const, modifiedUtc: '2026-01-01T00:00:00Z' }];
    const rows = rowsOf('problems.csv', { ...INPUT, labels });
    expect(rows.map((row) => [row['code'], row['start_hms']])).toEqual([
      ['media.truncated', '00:00:05.000'],
      ['report.label_without_segment', 'NA'],
    ]);
  });
});

describe('the problems of a report', () => {
  it('are told once, one row each, however many parts of the app met them', () => {
    const [known] = INPUT.problems;
    const input = { ...INPUT, problems: [known!, known!], analysis: { ...INPUT.analysis, problems: [known!] } };
    expect(reportProblems(input)).toEqual([known]);
    expect(rowsOf('problems.csv', input)).toHaveLength(1);
  });
});

describe('the report as a whole', () => {
  it('the codebook describes every column of every file, in order', () => {
    const described = rowsOf('codebook.csv').map((row) => `${row['file']}/${row['column']}`);
    const written = [...write(INPUT)].flatMap(([file, text]) =>
      text
        .slice(0, text.indexOf('\n'))
        .split(',')
        .map((name) => `${file}/${name}`),
    );
    expect(described).toEqual(written);
    const markdown = generateCodebookMarkdown();
    for (const columns of Object.values(REPORT_COLUMNS)) {
      for (const { name, meaning } of columns) {
        expect(markdown).toContain(`\`${name}\``);
        expect(meaning).not.toBe('');
      }
    }
  });

  it('every value of a category is one of its levels, and only optional columns are missing', () => {
    for (const table of buildReport(INPUT)) {
      for (const row of table.rows()) {
        table.columns.forEach((column, index) => {
          const value = row[index];
          const where = `${table.fileName}/${column.name}`;
          if (value === undefined) expect(column.missing, where).toBe('NA');
          else if (column.type === 'category') expect(column.levels.split(' | '), where).toContain(value);
        });
      }
    }
  });

  it('the same input gives the same bytes, whatever order its lists come in', () => {
    const { segments, marks, results } = INPUT.analysis;
    const shuffled: ReportInput = {
      ...INPUT,
      labels: [...INPUT.labels].reverse(),
      analysis: {
        ...INPUT.analysis,
        segments: [...segments].reverse(),
        marks: [...marks].reverse(),
        results: [...results].reverse(),
      },
    };
    expect(write(shuffled)).toEqual(write(INPUT));
  });

  it('writes 10 000 segments and a two-hour timeline without runaway cost', () => {
    const segments = Array.from({ length: 10_000 }, (_, i) => segment(`s${i}`, i * 0.7, i * 0.7 + 0.6, 'words'));
    const results = segments.map(({ id }) => ({ ...INPUT.analysis.results[0]!, segmentId: id }));
    const big = { ...INPUT, duration: fromSeconds(7_200), analysis: { ...INPUT.analysis, segments, results } };
    const tables = new Map(buildReport(big).map((table) => [table.fileName, table]));
    const table = tables.get('segments.csv')!;
    const milliseconds = processorTime(() => {
      expect(csvText(table.columns, table.rows()).length).toBeGreaterThan(1e6);
    });
    expect(milliseconds).toBeLessThan(RUNAWAY_MILLISECONDS);
    expect([...tables.get('timeline.csv')!.rows()]).toHaveLength(72_000);
  });
});

describe('provenance', () => {
  it('holds what is needed to run again and nothing that names a place', () => {
    const provenance = buildProvenance({
      appVersion: '0.1.0',
      recordingId: INPUT.recordingId,
      inputSha256: INPUT.inputSha256,
      info: perception(6).info,
      analysis: INPUT.analysis,
      problemCount: 3,
      extractors: ['b/1', 'a/1'],
      versions: { node: '1', ffmpeg: '2' },
      platform: { os: 'linux', arch: 'x64' },
      createdUtc: '2026-01-01T00:00:00Z',
      interface: 'command line',
      options: DEFAULT_REPORT_OPTIONS,
      work: { segments: INPUT.analysis.segments, marks: INPUT.analysis.marks, labels: INPUT.labels, problems: [] },
    });
    expect(JSON.parse(formatProvenance(provenance))).toMatchObject({
      schema: 'lacuna.provenance/2',
      seed: 7,
      provider: { requested: 'auto', used: 'cpu' },
      bundle: { sha256: 'cd'.repeat(32) },
      input: { durationMicroseconds: 6_000_000, duration: '00:00:06.000', transcript: null, audio: { codec: 'aac' } },
      parameters: { thresholds: { snrMinDb: 12 } },
      extractors: ['a/1', 'b/1'],
      counts: { problems: 3 },
    });
    expect(Object.keys(provenance.versions)).toEqual(['ffmpeg', 'node']);
    expect(provenance.intendedUse).toContain('Not for decisions about individuals');
  });
});
