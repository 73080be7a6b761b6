/** Files that other programs wrote, or that their documentation shows. See test/fixtures/interchange/README.md. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Tier } from '../../../core/interchange/annotationSet.js';
import { EXPORT_FORMATS, readAnnotations, type ImportedFile } from '../../../core/interchange/formats.js';
import { runNow } from '../../../core/runNow.js';
import { novaFiles } from '../../../core/interchange/writeNova.js';
import { microseconds } from '../../../core/time/microseconds.js';
import { parseTranscript } from '../../../core/transcript/parseTranscript.js';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/interchange');
const bytesOf = (name: string) => new Uint8Array(readFileSync(path.join(fixtures, name)));
const golden = (name: string): ImportedFile => runNow(readAnnotations(name, bytesOf(name)));

const tierOf = ({ set }: ImportedFile, name: string): Tier => {
  const found = set.tiers.find((tier) => tier.name === name);
  if (!found) throw new Error(`no tier ${name}`);
  return found;
};
const inMs = ({ items }: Tier) => items.map(({ range, value }) => [range.start / 1_000, range.end / 1_000, value]);

describe('EAF written by ELAN', () => {
  const file = golden('elanSample.eaf');
  const expected = JSON.parse(readFileSync(path.join(fixtures, 'elanSample.pympi.json'), 'utf8')) as Record<
    string,
    [number | null, number | null, string][]
  >;

  it.each(['text', 'gestures', 'gest_included'])('has the times and values that pympi reads on tier %s', (name) => {
    expect(inMs(tierOf(file, name))).toEqual(expected[name]);
  });

  it('has the aligned words that pympi reads', () => {
    const aligned = (expected['words-timesub'] ?? []).filter(([start, end]) => start !== null && end !== null);
    expect(inMs(tierOf(file, 'words-timesub'))).toEqual(expect.arrayContaining(aligned));
  });

  it('spreads unaligned time slots evenly between aligned ones and says so', () => {
    const third = inMs(tierOf(file, 'words-timesub')).slice(10, 15);
    expect(third).toEqual([
      [8000, 8600, 'The'],
      [8600, 9200, 'quick'],
      [9200, 9800, 'brown'],
      [9800, 10400, 'fox'],
      [10400, 11000, '003'],
    ]);
    expect(file.problems.map(({ code }) => code)).toContain('import.eaf_spread');
  });

  it('does not take annotations without any time and names their lines', () => {
    const problems = file.problems.filter(({ code }) => code === 'import.eaf_no_time');
    expect(problems).toHaveLength(2);
    expect(problems[0]?.message).toMatch(/^Line \d+: /);
  });

  it('divides a symbolic subdivision evenly, in the order of its chain', () => {
    expect(inMs(tierOf(file, 'words-symsub')).slice(0, 5)).toEqual([
      [2000, 2600, 'The'],
      [2600, 3200, 'quick'],
      [3200, 3800, 'brown'],
      [3800, 4400, 'fox'],
      [4400, 5000, '001'],
    ]);
  });

  it('gives symbolic associations the times of their parents', () => {
    expect(inMs(tierOf(file, 'words-pos')).slice(0, 2)).toEqual([
      [2600, 3200, 'adj'],
      [3200, 3800, 'adj'],
    ]);
    expect(tierOf(file, 'words-pos').parent).toBe('words-symsub');
  });

  it('keeps vocabularies and the name of the media without its folder', () => {
    expect(file.set.mediaName).toBe('r03_v20_s5.wav');
    expect(file.set.vocabularies.map(({ name }) => name)).toContain(tierOf(file, 'words-pos').vocabulary);
  });

  it('is a transcript for analyze: the one tier that holds utterances', () => {
    const { cues, problems } = parseTranscript('elanSample.eaf', bytesOf('elanSample.eaf'));
    expect(cues.map(({ text }) => text)).toEqual([
      'The quick brown fox 001',
      'The quick brown fox 002',
      'The quick brown fox 003',
    ]);
    expect(problems.filter(({ code }) => code.startsWith('transcript.'))).toEqual([]);
  });
});

describe('TextGrid', () => {
  const both = (file: ImportedFile) => file.set.tiers.map((tier) => [tier.name, inMs(tier)]);
  const known = [
    ['John', [[0, 2300, 'daisy bell']]],
    ['Kelly', []],
    ['Bell', [[1000, 1000, 'give me your answer do']]],
  ];

  it('in the long form that Praat writes', () => {
    const file = golden('praatManual.TextGrid');
    expect(both(file)).toEqual(known);
    expect(file.set.duration).toBe(2_300_000);
  });

  it('in any decoration, with comments and units, as Praat takes it', () => {
    expect(both(golden('praatNoise.TextGrid'))).toEqual([['Mary', []]]);
  });

  it.each([
    ['UTF-16 LE', 0xfeff, true],
    ['UTF-16 BE', 0xfeff, false],
  ])('in %s with its byte order mark', (_name, mark, littleEndian) => {
    const text = new TextDecoder().decode(bytesOf('praatManual.TextGrid')).replace('daisy', 'ˈdeɪzi');
    const view = new DataView(new ArrayBuffer(text.length * 2 + 2));
    view.setUint16(0, mark, littleEndian);
    for (let index = 0; index < text.length; index += 1)
      view.setUint16(index * 2 + 2, text.charCodeAt(index), littleEndian);
    const file = runNow(readAnnotations('x.TextGrid', new Uint8Array(view.buffer)));
    expect(file.set.tiers[0]?.items[0]?.value).toBe('ˈdeɪzi bell');
  });

  it('is written in the long form exactly as Praat writes it', () => {
    const { set } = golden('praatManual.TextGrid');
    const format = EXPORT_FORMATS.textgrid;
    const text = 'write' in format ? [...format.write(set, { createdUtc: '' })].join('') : '';
    expect(text).toBe(new TextDecoder().decode(bytesOf('praatManual.TextGrid')));
  });
});

describe('other programs', () => {
  it('Audacity: regions, points, and frequency lines left out', () => {
    expect(inMs(tierOf(golden('audacityManual.txt'), 'labels'))).toEqual([
      [2150, 2150, 'point label at 2.15 seconds'],
      [3400, 6100, 'region label from 3.4 to 6.1 seconds'],
    ]);
  });

  it('BORIS: a tier per behavioural category', () => {
    const file = golden('borisAggregated.csv');
    expect(inMs(tierOf(file, 'Mom Holding'))).toEqual([[689000, 989023, 'NotHoldingBaby']]);
    expect(inMs(tierOf(file, 'Mom Manipulation'))).toEqual([[689000, 750421, 'NoObjectInHand']]);
    expect(file.problems.map(({ message }) => message)).toEqual([
      'The table has columns that are not used: test status.',
    ]);
  });

  it('BORIS: starts and stops of the tabular export are paired, with its preamble left out', () => {
    const rows = [
      'Observation id\ttalk',
      '',
      'Time\tMedia file path\tTotal length\tFPS\tSubject\tBehavior\tBehavioral category\tComment\tStatus',
      '1.5\ta.mp4\t10\t25\tNo focal subject\tsmile\tFace\t\tSTART',
      '2.0\ta.mp4\t10\t25\tNo focal subject\tnod\tHead\t\tPOINT',
      '3.25\ta.mp4\t10\t25\tNo focal subject\tsmile\tFace\tbroad\tSTOP',
      '4\ta.mp4\t10\t25\tNo focal subject\tfrown\tFace\t\tSTART',
    ];
    const file = runNow(readAnnotations('x.tsv', new TextEncoder().encode(rows.join('\n'))));
    expect(inMs(tierOf(file, 'Face'))).toEqual([[1500, 3250, 'smile']]);
    expect(inMs(tierOf(file, 'Head'))).toEqual([[2000, 2000, 'nod']]);
    expect(file.problems.find(({ code }) => code === 'import.event_unpaired')?.message).toBe(
      'Line 7: "frown" starts at 00:00:04.000 and never stops; the row was not taken.',
    );
  });

  it('Whisper: segments as transcript, words beside them', () => {
    const file = golden('whisper.json');
    expect(inMs(tierOf(file, 'transcript'))).toEqual([
      [0, 3560, 'And so my fellow Americans,'],
      [3560, 7900, 'ask not what your country can do for you.'],
    ]);
    expect(inMs(tierOf(file, 'word'))).toHaveLength(3);
    expect(parseTranscript('x.json', bytesOf('whisper.json')).cues).toHaveLength(2);
  });

  it('NOVA: header and data as its documentation shows them', () => {
    const item = (start: number, end: number, value: string) => ({
      range: { start: microseconds(start * 1_000), end: microseconds(end * 1_000) },
      value,
    });
    const labels = [item(2_960, 3_920, 'speech'), item(23_910, 24_870, 'speech'), item(29_200, 30_410, 'laugh')];
    const files = novaFiles({
      tiers: [
        { name: 'label@R1', kind: 'label', owner: 'R1', vocabulary: 'laughter', items: labels },
        {
          name: 'confidence@R1',
          kind: 'confidence',
          owner: 'R1',
          parent: 'label@R1',
          items: [item(23_910, 24_870, '0.6')],
        },
      ],
      vocabularies: [
        {
          name: 'laughter',
          description: '',
          entries: [
            { value: 'laugh', description: '' },
            { value: 'speech', description: '' },
          ],
        },
      ],
    });
    const [header, data] = files.map(({ chunks }) => [...chunks()].join(''));
    expect(files.map(({ name }) => name)).toEqual([
      'participant.emotion.R1.annotation',
      'participant.emotion.R1.annotation~',
    ]);
    expect(header).toContain('<info ftype="ASCII" size="3" />');
    expect(header).toContain('<item name="speech" id="1" />');
    expect(data).toBe('2.96;3.92;1;1\n23.91;24.87;1;0.6\n29.2;30.41;0;1\n');
  });
});
