import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTranscript } from '../../../core/transcript/parseTranscript.js';
import { formatHms } from '../../../core/time/format.js';
import { microseconds } from '../../../core/time/microseconds.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const srt = (text: string) => parseTranscript('talk.srt', utf8(text));
const seconds = (value: number) => Math.round(value * 1e6);
const codes = (parsed: ReturnType<typeof parseTranscript>) => parsed.problems.map((problem) => problem.code);

const GOOD = '1\n00:00:01,000 --> 00:00:02,500\nHello there.\n\n2\n00:00:03,000 --> 00:00:04,000\nSecond\nline\n';

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(2 + text.length * 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, littleEndian);
  for (let i = 0; i < text.length; i += 1) view.setUint16(2 + 2 * i, text.charCodeAt(i), littleEndian);
  return bytes;
}

describe('reading SubRip', () => {
  it('gives cues in microseconds, lines joined, without problems', () => {
    expect(srt(GOOD)).toEqual({
      cues: [
        { range: { start: seconds(1), end: seconds(2.5) }, text: 'Hello there.' },
        { range: { start: seconds(3), end: seconds(4) }, text: 'Second line' },
      ],
      problems: [],
    });
  });

  it('reads any line end and forgotten blank lines', () => {
    for (const end of ['\r\n', '\r']) expect(srt(GOOD.replaceAll('\n', end)).cues).toEqual(srt(GOOD).cues);
    expect(srt(GOOD.replaceAll('\n\n', '\n')).cues).toEqual(srt(GOOD).cues);
  });

  it('strips markup but keeps what only looks like it', () => {
    const parsed = srt('1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>Me &amp; you</i> <3 5 < 6\n');
    expect(parsed.cues[0]?.text).toBe('Me & you <3 5 < 6');
  });

  it('drops a malformed time line with its line number and goes on', () => {
    const parsed = srt('1\n00:00:01,000 --> 00:00:xx\nLost words\n\n2\n00:00:03,000 --> 00:00:04,000\nKept\n');
    expect(parsed.cues.map((cue) => cue.text)).toEqual(['Kept']);
    expect(parsed.problems).toHaveLength(1);
    expect(parsed.problems[0]).toMatchObject({ code: 'transcript.time_malformed', severity: 'error' });
    expect(parsed.problems[0]?.message).toContain('line 2');
    expect(parsed.problems[0]?.message).toContain('Lost words');
  });

  it('sorts unsorted cues and tells which', () => {
    const parsed = srt('00:00:05,000 --> 00:00:06,000\nB\n\n00:00:01,000 --> 00:00:02,000\nA\n');
    expect(parsed.cues.map((cue) => cue.text)).toEqual(['A', 'B']);
    expect(codes(parsed)).toEqual(['transcript.cue_unsorted']);
    expect(parsed.problems[0]?.message).toContain('line 4');
  });

  it('keeps overlapping cues as they are, with a note', () => {
    const parsed = srt('00:00:01,000 --> 00:00:05,000\nA\n\n00:00:04,000 --> 00:00:06,000\nB\n');
    expect(parsed.cues.map((cue) => [cue.range.start, cue.range.end])).toEqual([
      [seconds(1), seconds(5)],
      [seconds(4), seconds(6)],
    ]);
    expect(codes(parsed)).toEqual(['transcript.cue_overlap']);
  });

  it('clamps negative starts; drops empty, reversed and wholly negative cues, each with its line', () => {
    const parsed = srt(
      [
        '-00:00:01,000 --> 00:00:01,000\nclamped',
        '00:00:02,000 --> 00:00:02,000\nempty',
        '00:00:04,000 --> 00:00:03,000\nreversed',
        '-00:00:04,000 --> -00:00:03,000\nbefore',
      ].join('\n\n'),
    );
    expect(parsed.cues).toEqual([{ range: { start: 0, end: seconds(1) }, text: 'clamped' }]);
    expect(parsed.problems.map(({ code, message }) => [code, /line \d+/.exec(message)?.[0]])).toEqual([
      ['transcript.cue_negative', 'line 1'],
      ['transcript.cue_empty', 'line 4'],
      ['transcript.cue_reversed', 'line 7'],
      ['transcript.cue_before_start', 'line 10'],
    ]);
  });

  it('keeps text behind a blank line with its cue and says so', () => {
    const parsed = srt('00:00:01,000 --> 00:00:02,000\nFirst\n\nrest of it\n');
    expect(parsed.cues[0]?.text).toBe('First rest of it');
    expect(codes(parsed)).toEqual(['transcript.text_after_blank']);
  });

  it('loses no cue silently: every cue of any order is kept or told', () => {
    const anyCue = fc.tuple(fc.integer({ min: -5_000, max: 20_000 }), fc.integer({ min: -5_000, max: 20_000 }));
    fc.assert(
      fc.property(fc.array(anyCue, { minLength: 1, maxLength: 15 }), (times) => {
        const ms = (value: number) => formatHms(microseconds(value * 1_000)).replace('.', ',');
        const parsed = srt(times.map(([a, b], i) => `${i + 1}\n${ms(a)} --> ${ms(b)}\nword ${i}\n`).join('\n'));
        const dropped = parsed.problems.filter((problem) => problem.message.includes('dropped')).length;
        expect(parsed.cues.length + dropped).toBe(times.length);
        parsed.cues.forEach((cue, i) => {
          expect(cue.range.start).toBeGreaterThanOrEqual(i > 0 ? parsed.cues[i - 1]!.range.start : 0);
          expect(cue.range.end).toBeGreaterThan(cue.range.start);
        });
      }),
    );
  });

  it('names every line even when hundreds have the same problem', () => {
    const parsed = srt(Array.from({ length: 200 }, () => '00:00:02,000 --> 00:00:02,000\nx\n').join('\n'));
    expect(parsed.problems.length).toBeLessThan(30);
    const told = parsed.problems.map((problem) => problem.message).join(' ');
    for (let i = 0; i < 200; i += 1) expect(told).toMatch(new RegExp(`\\b${i * 3 + 1}\\b`));
  });
});

describe('reading WebVTT', () => {
  it('takes optional hours, ids, settings and voices; skips NOTE, STYLE and the header', () => {
    const parsed = parseTranscript(
      'talk.vtt',
      utf8(
        'WEBVTT - title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE two\nlines\n\nintro\n' +
          '00:01.000 --> 00:02.000 align:start position:0%\n<v.loud Anna B.>Hi <c.yellow>you</c> <00:01.500>there</v>\n\n' +
          '01:00:00.000 --> 01:00:01.000\nLater\n',
      ),
    );
    expect(parsed.problems).toEqual([]);
    expect(parsed.cues).toEqual([
      { range: { start: seconds(1), end: seconds(2) }, text: 'Hi you there', speaker: 'Anna B.' },
      { range: { start: seconds(3600), end: seconds(3601) }, text: 'Later' },
    ]);
  });

  it('tells when a cue has several speakers and which was kept', () => {
    const parsed = parseTranscript('a.vtt', utf8('WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>Hi</v> <v B>Ho</v>\n'));
    expect(parsed.cues[0]).toMatchObject({ text: 'Hi Ho', speaker: 'A' });
    expect(codes(parsed)).toEqual(['transcript.several_speakers']);
  });

  it('is recognised by its content under a wrong ending', () => {
    expect(parseTranscript('a.srt', utf8('WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000\nHi\n')).problems).toEqual([]);
  });

  it('does not lose the first cue where the blank line after the header is missing', () => {
    expect(parseTranscript('a.vtt', utf8('WEBVTT\n00:01.000 --> 00:02.000\nHi\n')).cues).toHaveLength(1);
  });
});

describe('reading a transcript table', () => {
  const csv = (text: string) => parseTranscript('talk.csv', utf8(text));

  it('reads start_s,end_s,text with quoted commas and line ends', () => {
    const parsed = csv('start_s,end_s,text\n1.0,2.5,"Hello, ""you""\nthere"\n00:00:03.000,4,Bye\n');
    expect(parsed.problems).toEqual([]);
    expect(parsed.cues).toEqual([
      { range: { start: seconds(1), end: seconds(2.5) }, text: 'Hello, "you" there' },
      { range: { start: seconds(3), end: seconds(4) }, text: 'Bye' },
    ]);
  });

  it('reads semicolons with decimal commas, and notes columns that it does not use', () => {
    const parsed = csv('Start_s;End_s;Mood;Text;Speaker\n1,5;2,25;x;Hallo;S1\n');
    expect(parsed.cues).toEqual([{ range: { start: seconds(1.5), end: seconds(2.25) }, text: 'Hallo', speaker: 'S1' }]);
    expect(parsed.problems).toMatchObject([{ code: 'transcript.columns_ignored', severity: 'note' }]);
    expect(parsed.problems[0]?.message).toContain('mood');
  });

  it('refuses decimal commas between commas, by line, also after a quoted line end', () => {
    const parsed = csv('start_s,end_s,text\n1,2,"two\nlines"\n3,5,4,5,Hallo\nx,7,Text\n');
    expect(parsed.cues).toHaveLength(1);
    expect(parsed.problems.map(({ code, message }) => [code, /line \d+/.exec(message)?.[0]])).toEqual([
      ['transcript.row_malformed', 'line 4'],
      ['transcript.time_malformed', 'line 5'],
    ]);
  });

  it('says which column is missing', () => {
    const parsed = csv('start,end,text\n1,2,x\n');
    expect(parsed.cues).toEqual([]);
    expect(parsed.problems[0]).toMatchObject({ code: 'transcript.columns', severity: 'error' });
    expect(parsed.problems[0]?.message).toContain('start_s, end_s');
  });
});

describe('encodings and files that are no transcript', () => {
  const text = '1\n00:00:01,000 --> 00:00:02,000\nÜber “naïve” – déjà €5\n';
  const words = 'Über “naïve” – déjà €5';

  it('reads UTF-8 with and without byte order mark and UTF-16 of both orders without complaint', () => {
    for (const bytes of [utf8(text), utf8(`\ufeff${text}`), utf16(text, true), utf16(text, false)]) {
      const parsed = parseTranscript('a.srt', bytes);
      expect(parsed.cues[0]?.text).toBe(words);
      expect(parsed.problems).toEqual([]);
    }
  });

  it('reads anything else as windows-1252 and says that it was assumed', () => {
    const table: Record<string, number> = { '“': 0x93, '”': 0x94, '–': 0x96, '€': 0x80 };
    const bytes = Uint8Array.from(text, (character) => table[character] ?? character.charCodeAt(0));
    const parsed = parseTranscript('a.srt', bytes);
    expect(parsed.cues[0]?.text).toBe(words);
    expect(parsed.problems).toMatchObject([{ code: 'transcript.encoding', severity: 'warning' }]);
  });

  it('refuses binary files and text without times, naming no file', () => {
    const binary = parseTranscript('Jane Doe.srt', Uint8Array.from([0x50, 0x4b, 0, 0, 1, 2, 0]));
    expect(codes(binary)).toContain('transcript.binary');
    const prose = parseTranscript('Jane Doe.txt', utf8('Just some words.'));
    expect(codes(prose)).toEqual(['transcript.format']);
    expect(JSON.stringify([binary, prose])).not.toContain('Jane');
  });

  it('tells of an empty file that text is missing', () => {
    expect(codes(parseTranscript('a.srt', new Uint8Array()))).toEqual(['transcript.empty']);
    expect(codes(parseTranscript('a.csv', new Uint8Array()))).toEqual(['transcript.columns']);
  });

  it('never throws, whatever the bytes', () => {
    const name = fc.constantFrom('a.srt', 'a.vtt', 'a.csv', 'a', 'a.tsv');
    fc.assert(
      fc.property(name, fc.uint8Array({ maxLength: 200 }), (fileName, bytes) => {
        expect(Array.isArray(parseTranscript(fileName, bytes).cues)).toBe(true);
      }),
    );
    const piece = fc.constantFrom(
      '-->',
      '\n',
      '\n\n',
      '00:01.0',
      'WEBVTT',
      'NOTE',
      '1',
      '"',
      ',',
      'start_s,end_s,text',
    );
    fc.assert(
      fc.property(name, fc.array(piece, { maxLength: 40 }), (fileName, pieces) => {
        expect(Array.isArray(parseTranscript(fileName, utf8(pieces.join(' ')))?.cues)).toBe(true);
        expect(Array.isArray(parseTranscript(fileName, utf8(pieces.join('')))?.cues)).toBe(true);
      }),
    );
  });
});
