import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMarksCsv } from '../../../core/marks/parseMarksCsv.js';
import { fromSeconds } from '../../../core/time/microseconds.js';

const HEADER = 'modality,start_s,end_s,kind,severity';
const parse = (text: string) => parseMarksCsv(new TextEncoder().encode(text), fromSeconds(30));

describe('reading marks of a person', () => {
  it('gives human, confirmed marks in order of start', () => {
    const { marks, problems } = parse(`${HEADER},note\nvisual,10,12.5,occluded,2,"hand, cup"\naudio,1,2,noisy,3,\n`);
    expect(problems).toEqual([]);
    expect(marks).toEqual([
      {
        id: 'human-audio-0001',
        modality: 'audio',
        range: { start: 1_000_000, end: 2_000_000 },
        kind: 'noisy',
        severity: 3,
        source: 'human',
        review: 'confirmed',
        note: '',
      },
      {
        id: 'human-visual-0002',
        modality: 'visual',
        range: { start: 10_000_000, end: 12_500_000 },
        kind: 'occluded',
        severity: 2,
        source: 'human',
        review: 'confirmed',
        note: 'hand, cup',
      },
    ]);
  });

  it('cuts marks at the end of the recording and drops those outside, with line numbers', () => {
    const { marks, problems } = parse(`${HEADER}\naudio,29,40,noisy,1\naudio,31,40,noisy,1\naudio,-2,1,noisy,1\n`);
    expect(marks.map((mark) => mark.range)).toEqual([
      { start: 0, end: 1_000_000 },
      { start: 29_000_000, end: 30_000_000 },
    ]);
    expect(problems.map(({ code, message }) => [code, /line \d+/.exec(message)?.[0]])).toEqual([
      ['marks.mark_clamped', 'line 2'],
      ['marks.mark_clamped', 'line 4'],
      ['marks.mark_outside', 'line 3'],
    ]);
    expect(problems[2]?.message).toContain('00:00:30.000');
  });

  it.each([
    ['face,1,2,noisy,1', 'marks.unknown_modality', 'text, audio, visual'],
    ['audio,1,2,loud,1', 'marks.unknown_kind', 'noisy'],
    ['audio,1,2,noisy,4', 'marks.unknown_severity', '1, 2, 3'],
    ['audio,one,2,noisy,1', 'marks.time_malformed', '12.5'],
    ['audio,2,2,noisy,1', 'marks.mark_empty', 'times'],
    ['audio,2', 'marks.unknown_kind', 'noisy'],
  ])('refuses "%s", naming the line and what is allowed', (row, code, allowed) => {
    const { marks, problems } = parse(`${HEADER}\nvisual,1,2,dark,1\n${row}\n`);
    expect(marks).toHaveLength(1);
    const problem = problems.find((item) => item.code === code);
    expect(problem?.severity).toBe('error');
    expect(problem?.message).toContain('line 3');
    expect(problem?.tip).toContain(allowed);
  });

  it('takes no proposal or rejected mark of a report for a confirmed one', () => {
    const { marks, problems } = parse(`${HEADER},review\naudio,1,2,noisy,1,proposed\naudio,3,4,noisy,1,confirmed\n`);
    expect(marks.map((mark) => mark.range.start)).toEqual([3_000_000]);
    expect(problems.map((problem) => problem.code)).toEqual(['marks.mark_unconfirmed']);
  });

  it('says which column is missing', () => {
    const { marks, problems } = parse('modality,start,end,kind,severity\naudio,1,2,noisy,1\n');
    expect(marks).toEqual([]);
    expect(problems[0]?.message).toContain('no column start_s, end_s');
  });

  it('never throws, and every mark lies inside the recording', () => {
    const cell = fc.oneof(
      fc.constantFrom('audio', 'visual', 'noisy', 'dark', '1', '3', '-5', '29.5', '1e9', '"', ''),
      fc.string({ maxLength: 5 }),
    );
    const row = fc.array(cell, { maxLength: 7 }).map((cells) => cells.join(','));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
        for (const mark of parse([HEADER, ...rows].join('\n')).marks) {
          expect(mark.range.start).toBeGreaterThanOrEqual(0);
          expect(mark.range.end).toBeLessThanOrEqual(30_000_000);
          expect(mark.range.end).toBeGreaterThan(mark.range.start);
        }
      }),
    );
  });
});
