import { describe, expect, it } from 'vitest';
import Papa from 'papaparse';
import { unguard } from '../../../core/report/csv.js';
import type { Provenance } from '../../../core/report/provenance.js';
import { reportFiles } from '../../../core/report/reportFiles.js';
import { DEFAULT_REPORT_OPTIONS, type ReportOptions } from '../../../core/report/reportOptions.js';
import type { ReportInput } from '../../../core/report/reportInput.js';
import { SOURCES } from './reportSources.js';

function filesOf(
  options: Partial<ReportOptions> = {},
  input: ReportInput = SOURCES.input,
): ReadonlyMap<string, string> {
  const files = reportFiles({ ...SOURCES, input }, { ...DEFAULT_REPORT_OPTIONS, ...options });
  return new Map(files.map((file) => [file.name, [...file.chunks()].map(String).join('')]));
}

type Row = Partial<
  Record<'tier' | 'scheme' | 'value' | 'note' | 'flagged' | 'reaction_lag_ms' | 'rater_id' | TimeColumn, string>
>;
type TimeColumn = 'time_s' | 'time_without_lag_s';

function rowsOf(name: string, options?: Partial<ReportOptions>): Row[] {
  return Papa.parse<Row>(filesOf(options).get(name) ?? '', { header: true, skipEmptyLines: true }).data;
}

const BARE: ReportInput = { ...SOURCES.input, tiers: [], annotations: [], schemes: [], traces: [] };

describe('annotations.csv and traces.csv of a report', () => {
  it('every annotation has its tier, scheme, both times, note, flag and the lag that was taken off', () => {
    const [first, second, third] = rowsOf('annotations.csv', { raterNames: true });
    expect(first).toEqual({
      ...{ recording_id: 'rec-0123456789ab', annotation_id: 'a0001', tier: 'Gaze', scheme: 'Gaze', rater_id: 'Clara' },
      ...{ start_s: '0.250', end_s: '1.500', start_hms: '00:00:00.250', end_hms: '00:00:01.500', duration_s: '1.250' },
      ...{ value: 'camera', note: 'Anna looks up', flagged: 'yes', reaction_lag_ms: '300' },
      modified_utc: '2026-01-03T00:00:00Z',
    });
    expect([second?.scheme, second?.value, unguard(second?.value ?? '')]).toEqual([
      'NA',
      "'=Anna laughs",
      '=Anna laughs',
    ]);
    expect([third?.value, third?.reaction_lag_ms, third?.flagged]).toEqual(['NA', 'NA', 'no']);
  });

  it('a value of a trace that was not rated is NA, and times stay as recorded beside those without the lag', () => {
    const rows = rowsOf('traces.csv');
    expect(rows.map((row) => [row.time_s, row.time_without_lag_s, row.value, row.reaction_lag_ms])).toEqual([
      ['0.100', '-0.300', '0.250', '400'],
      ['0.150', '-0.250', 'NA', '400'],
      ['0.200', '-0.200', '-1.000', '400'],
    ]);
  });

  it('raters have one pseudonym in all tables and in provenance.json', () => {
    const files = filesOf();
    expect([...files].filter(([, text]) => text.includes('Clara')).map(([name]) => name)).toEqual([]);
    const ids = (name: string) => rowsOf(name).map((row) => row.rater_id);
    expect(ids('annotations.csv')).toEqual(['R3', 'R1', 'R1']);
    expect(new Set(ids('traces.csv'))).toEqual(new Set(['R3']));
    expect(ids('segments.csv')).toContain('R2');
  });

  it.each([{ notes: false }, { transcripts: false }])(
    'free text of tiers is left out with words or notes, values of schemes stay: %o',
    (options) => {
      const [first, second] = rowsOf('annotations.csv', options);
      expect([first?.value, second?.value]).toEqual(['camera', 'NA']);
      expect(first?.note).toBe('notes' in options ? 'NA' : 'Anna looks up');
      expect(filesOf(options).get('provenance.json')).not.toContain('Anna laughs');
    },
  );

  it('are written only where there is something of the kind, and then described', () => {
    expect([...filesOf({}, BARE).keys()]).not.toContain('annotations.csv');
    expect([...filesOf({}, BARE).keys()]).not.toContain('traces.csv');
    const files = filesOf();
    for (const about of ['codebook.csv', 'datapackage.json', 'README.txt']) {
      expect(files.get(about), about).toContain('annotations.csv');
      expect(files.get(about), about).toContain('traces.csv');
    }
  });

  it('provenance.json states the lag of every trace and the lags that were taken off, and methods.md says both', () => {
    const files = filesOf();
    const { live } = JSON.parse(files.get('provenance.json') ?? '') as Provenance;
    expect(live.traces).toEqual([
      {
        ...{ id: 'v0001', raterId: 'R3', dimension: 'valence', input: 'gamepad', speeds: [1, 0.5] },
        ...{ recordedUtc: '2026-01-04T00:00:00Z', valuesPerSecond: 20, reactionLagMicroseconds: 400_000 },
      },
    ]);
    expect(live.reactionLagsTakenOffMicroseconds).toEqual({ segments: [], annotations: [300_000] });
    expect(files.get('methods.md')).toContain('reaction lag as stated and not taken off: 400 ms');
    expect(files.get('methods.md')).toContain('had a stated reaction lag taken off: 300 ms');
  });
});
