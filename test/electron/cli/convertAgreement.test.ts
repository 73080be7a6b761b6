/** `convert` and `agreement` as processes of their own: exit status, what is written, and that nothing is written half. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCli } from './buildCli.js';

const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures/interchange');
let script: string;
let shared: string;
let work: string;

beforeAll(async () => {
  script = await buildCli();
  shared = mkdtempSync(path.join(tmpdir(), 'lacuna-convert-'));
});
afterAll(() => {
  rmSync(path.dirname(script), { recursive: true, force: true });
  rmSync(shared, { recursive: true, force: true });
});
beforeEach(() => {
  work = mkdtempSync(path.join(shared, 'work-'));
});

function run(command: 'convert' | 'agreement', ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, command, ...args], {
    cwd: work,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
const at = (name: string) => path.join(work, name);
function write(name: string, content: string | Uint8Array): string {
  writeFileSync(at(name), content);
  return at(name);
}
const bytes = (name: string) => readFileSync(at(name));
const text = (name: string) => bytes(name).toString('utf8');

describe('convert', () => {
  it('writes EAF as a long and a short TextGrid, in UTF-8 and UTF-16, and reads all four back as the same table', () => {
    const eaf = path.join(FIXTURES, 'elanSample.eaf');
    expect(run('convert', eaf, '--to', 'csv', '--out', 'direct.csv')).toMatchObject({ status: 0 });
    const tables = new Set<string>();
    for (const form of ['textgrid', 'textgrid-short']) {
      for (const flags of [[], ['--utf16']]) {
        const name = `${form}${flags.length}.TextGrid`;
        expect(run('convert', eaf, '--to', form, '--out', name, ...flags).status).toBe(0);
        expect([...bytes(name).subarray(0, 2)]).toEqual(flags.length > 0 ? [0xfe, 0xff] : [0x46, 0x69]);
        expect(run('convert', name, '--to', 'csv', '--out', `${name}.csv`)).toMatchObject({ status: 0, stderr: '' });
        tables.add(text(`${name}.csv`));
      }
    }
    expect(tables.size).toBe(1);
    expect([...tables][0]!.split('\n').length).toBeGreaterThan(5);
  });

  it('reads the plain table of labels that agreement reads, too, and says which rows it did not take', () => {
    write('labels.csv', 'start_s,end_s,label,rater_id\n3,4,fear,R1\n0,1,anger,R1\n5,4,fear,R1\n');
    const done = run('convert', 'labels.csv', '--to', 'eaf', '--out', 'labels.eaf');
    expect(done.status).toBe(0);
    expect(done.stderr).toMatch(/Line 4: the row ends before it starts/);
    expect(done.stderr).toMatch(/Line 3: .* the annotations were sorted/);
    expect(text('labels.eaf')).toContain('TIER_ID="label@R1"');
    expect(text('labels.eaf')).toContain('<ANNOTATION_VALUE>anger</ANNOTATION_VALUE>');
  });

  it('names what has no place in the format and writes the rest, with 0', () => {
    const done = run('convert', path.join(FIXTURES, 'borisAggregated.csv'), '--to', 'eaf', '--out', 'a.eaf');
    expect(done.status).toBe(0);
    expect(run('convert', 'a.eaf', '--to', 'srt', '--out', 'a.srt')).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('has no place for') as string,
    });
  });

  it.each([
    ['no input', [], 'no input was named'],
    ['no output', ['x.eaf', '--to', 'eaf'], '--out FILE is missing'],
    ['no such format', ['x.eaf', '--to', 'docx', '--out', 'y'], 'is no format'],
    ['two inputs', ['x.eaf', 'y.eaf', '--to', 'eaf', '--out', 'z'], 'one input at a time'],
    ['UTF-16 where it is not read', ['x.eaf', '--to', 'eaf', '--out', 'z', '--utf16'], '--utf16 is for TextGrid'],
  ])('ends with 2 for %s', (_what, args, message) => {
    const done = run('convert', ...args);
    expect(done).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) as string });
    expect(readdirSync(work)).toEqual([]);
  });

  it.each([
    ['malformed XML', 'a.eaf', '<ANNOTATION_DOCUMENT><TIER>', /line 1/i],
    [
      'a billion laughs',
      'a.eaf',
      '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;">]><ANNOTATION_DOCUMENT>&c;</ANNOTATION_DOCUMENT>',
      /DOCTYPE|entit/i,
    ],
    ['a table without times', 'a.csv', 'tier,value\nlabel@R1,anger\n', /no column start_s, end_s/],
    ['a file of no kind', 'a.docx', 'PK', /no kind that is read here/],
    ['nothing at all', 'a.TextGrid', '', /./],
  ])('ends with 3 for %s and leaves nothing behind', (_what, name, content, message) => {
    write(name, content);
    const done = run('convert', name, '--to', 'csv', '--out', 'out/out.csv');
    expect(done.status).toBe(3);
    expect(done.stderr).toMatch(message);
    expect(readdirSync(work)).toEqual([name]);
  });

  it('ends with 3 for a file that is not there, and does not touch an output that exists', () => {
    write('out.csv', 'mine');
    expect(run('convert', 'none.eaf', '--to', 'csv', '--out', 'out.csv', '--overwrite').status).toBe(3);
    expect(text('out.csv')).toBe('mine');
    const taken = run('convert', path.join(FIXTURES, 'elanSample.eaf'), '--to', 'csv', '--out', 'out.csv');
    expect(taken.stderr).toContain('exists already');
    expect(taken.status).not.toBe(0);
    expect(text('out.csv')).toBe('mine');
    expect(readdirSync(work)).toEqual(['out.csv']);
  });

  it('lists every row that is not taken with its line and reason, and takes the others', () => {
    write('a.csv', 'tier;start_s;end_s;value\na;0,5;1,5;anger\na;3;2;fear\na;x;4;fear\na;5;6;sadness\n');
    const done = run('convert', 'a.csv', '--to', 'csv', '--out', 'out.csv');
    expect(done.status).toBe(0);
    expect(done.stderr).toMatch(/line 3/i);
    expect(done.stderr).toMatch(/line 4/i);
    expect(text('out.csv')).toContain('0.500');
    expect(text('out.csv')).toContain('sadness');
    expect(text('out.csv')).not.toContain('fear');
  });
});

const R1 = 'start_s,end_s,label,score\n0,1,anger,-1\n1,2,neutral,0\n2,3,anger,-2\n3,4,happiness,2\n';
const R2 = 'start_s,end_s,label,score\n0,1,anger,-1.5\n1,2,anger,-0.5\n2,3,anger,-2\n3,4,happiness,1\n';

describe('agreement', () => {
  it('compares the raters of two files: figures, unit and tolerance in the tables, a cell for every pair of labels', () => {
    write('first.csv', R1);
    write('second.csv', R2);
    const done = run('agreement', 'first.csv', 'second.csv', '--out', 'out', '--draws', '100', '--tolerance', '0.2');
    expect(done).toMatchObject({ status: 0, stderr: '' });
    expect(done.stdout).toContain('first and second');
    expect(readdirSync(at('out')).sort()).toEqual(['agreement.csv', 'agreement_matrix.csv']);
    const [header = '', ...rows] = text('out/agreement.csv').trimEnd().split('\n');
    const columns = header.split(',');
    const raw = rows.map((row) => new Map(row.split(',').map((cell, index) => [columns[index], cell])));
    const found = raw.find(
      (row) => row.get('basis') === 'segment' && row.get('statistic') === 'raw_agreement' && row.get('label') === 'NA',
    );
    expect(Object.fromEntries(found ?? [])).toMatchObject({
      value: '0.7500',
      n: '4',
      tolerance_s: '0.200',
      min_overlap: '0.6000',
      draws: '100',
    });
    expect(text('out/agreement_matrix.csv')).toContain('first,second,segment,all,neutral,anger,1.0');
    expect(rows.every((row) => !row.split(',').includes(''))).toBe(true);
  });

  it('writes the same bytes again, and JSON on request', () => {
    write('first.csv', R1);
    write('second.csv', R2);
    run('agreement', 'first.csv', 'second.csv', '--out', 'a');
    const again = run('agreement', 'first.csv', 'second.csv', '--out', 'b', '--json', '-');
    expect(text('a/agreement.csv')).toBe(text('b/agreement.csv'));
    expect(JSON.parse(again.stdout)).toMatchObject({
      schema: 'lacuna.agreement/2',
      comparisons: expect.arrayContaining([
        expect.objectContaining({ topic: 'segments', labels: expect.any(Array) as unknown }),
      ]) as unknown,
    });
  });

  it('takes raters from EAF and TextGrid, too', () => {
    const rows = R1.trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => row.split(','));
    const tiers = rows.map(([start, end, label]) => ['label@first', start, end, label].join(','));
    write('tiers.csv', ['tier,start_s,end_s,value', ...tiers].join('\n'));
    expect(run('convert', 'tiers.csv', '--to', 'eaf', '--out', 'first.eaf').status).toBe(0);
    expect(run('convert', 'first.eaf', '--to', 'textgrid', '--out', 'first.TextGrid').status).toBe(0);
    write('second.csv', R2);
    for (const file of ['first.eaf', 'first.TextGrid']) {
      const done = run('agreement', file, 'second.csv', '--out', `out-${file}`, '--draws', '0');
      expect(done.status).toBe(0);
      expect(done.stdout).toMatch(/Raw agreement +0\.750/);
    }
  });

  it.each([
    ['no ratings', ['--out', 'out'], 'no ratings were named'],
    ['no output', ['first.csv'], '--out DIR is missing'],
    ['a unit of 0', ['first.csv', '--out', 'out', '--unit', '0'], '--unit'],
    ['an overlap above 1', ['first.csv', '--out', 'out', '--min-overlap', '2'], '--min-overlap'],
    ['a rater who is not there', ['first.csv', '--out', 'out', '--rater', 'R9'], '--rater R9'],
    ['an unknown flag', ['first.csv', '--out', 'out', '--loud'], '--loud'],
  ])('ends with 2 for %s and writes nothing', (_what, args, message) => {
    write('first.csv', R1);
    const done = run('agreement', ...args);
    expect(done).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) as string });
    expect(readdirSync(work)).toEqual(['first.csv']);
  });

  it('ends with 3 for one rater alone, a file that is not there, and one of no kind; nothing is written', () => {
    write('first.csv', R1);
    write('damaged.eaf', '<ANNOTATION_DOCUMENT');
    for (const files of [['first.csv'], ['first.csv', 'none.csv'], ['first.csv', 'damaged.eaf']]) {
      expect(run('agreement', ...files, '--out', 'out').status).toBe(3);
    }
    expect(readdirSync(work).sort()).toEqual(['damaged.eaf', 'first.csv']);
  });

  it('ends with 2 for a folder that is not empty, and with --overwrite keeps other files', () => {
    write('first.csv', R1);
    write('second.csv', R2);
    mkdirSync(at('out'));
    write('out/mine.txt', 'mine');
    expect(run('agreement', 'first.csv', 'second.csv', '--out', 'out').status).toBe(2);
    expect(readdirSync(at('out'))).toEqual(['mine.txt']);
    expect(run('agreement', 'first.csv', 'second.csv', '--out', 'out', '--overwrite').status).toBe(0);
    expect(readdirSync(at('out')).sort()).toEqual(['agreement.csv', 'agreement_matrix.csv', 'mine.txt']);
  });

  it('names the line of a rating that is not taken', () => {
    write('first.csv', `${R1}4,5,anger,x\n0,1,fear,1\n9,8,anger,1\n`);
    write('second.csv', R2);
    const done = run('agreement', 'first.csv', 'second.csv', '--out', 'out', '--draws', '0');
    expect(done.status).toBe(0);
    for (const line of [6, 7, 8]) expect(done.stderr).toMatch(new RegExp(`line ${line}\\b`, 'i'));
  });
});
