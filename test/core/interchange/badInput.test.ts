import { describe, expect, it } from 'vitest';
import { readAnnotations, type ImportedFile } from '../../../core/interchange/formats.js';
import { runNow } from '../../../core/runNow.js';
import { ProblemError } from '../../../core/problems/problem.js';
import { processorTime, RUNAWAY_MILLISECONDS } from '../fixtures.js';

const read = (fileName: string, text: string): ImportedFile =>
  runNow(readAnnotations(fileName, new TextEncoder().encode(text)));

function refusal(fileName: string, content: string | Uint8Array): ProblemError['problem'] {
  try {
    runNow(readAnnotations(fileName, typeof content === 'string' ? new TextEncoder().encode(content) : content));
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('was not refused');
}

const messages = (file: ImportedFile) => file.problems.map(({ message }) => message);
const values = (file: ImportedFile) => file.set.tiers.flatMap(({ items }) => items.map(({ value }) => value));

const EAF = (slots: string, tier: string) =>
  `<?xml version="1.0"?>\n<ANNOTATION_DOCUMENT AUTHOR="" DATE="" VERSION="3.0">\n<HEADER/>\n<TIME_ORDER>${slots}</TIME_ORDER>\n<TIER TIER_ID="talk" LINGUISTIC_TYPE_REF="x">\n${tier}</TIER></ANNOTATION_DOCUMENT>`;

describe('XML', () => {
  it('refuses a billion laughs before anything grows', () => {
    const entities = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">${entities}]><ANNOTATION_DOCUMENT>&l10;</ANNOTATION_DOCUMENT>`;
    const spent = processorTime(() => expect(refusal('x.eaf', bomb).code).toBe('import.xml_doctype'));
    expect(spent).toBeLessThan(RUNAWAY_MILLISECONDS);
  });

  it('refuses external entities', () => {
    const xxe =
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><ANNOTATION_DOCUMENT>&e;</ANNOTATION_DOCUMENT>';
    expect(refusal('x.eaf', xxe)).toMatchObject({
      code: 'import.xml_doctype',
      message: expect.stringContaining('Line 1') as string,
    });
  });

  it('refuses entities that nobody declared', () => {
    expect(refusal('x.eaf', '<ANNOTATION_DOCUMENT>&nope;</ANNOTATION_DOCUMENT>').code).toBe('import.xml_malformed');
  });

  it('says line and column of damage, and takes nothing of a file cut short', () => {
    const cut = EAF('<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="0"/>', '<ANNOTATION>').slice(0, 180);
    expect(refusal('x.eaf', cut)).toMatchObject({
      code: 'import.xml_malformed',
      message: expect.stringMatching(/^Line \d+, column \d+/) as string,
    });
  });

  it('refuses elements nested without end', () => {
    expect(refusal('x.eaf', `<ANNOTATION_DOCUMENT>${'<a>'.repeat(100_000)}`).code).toBe('import.xml_deep');
  });

  it('refuses other XML by its first element', () => {
    expect(refusal('x.eaf', '<tt xmlns="http://www.w3.org/ns/ttml"/>').message).toContain('<tt>');
  });
});

describe('EAF', () => {
  const annotation = (id: string, from: string, to: string, value: string) =>
    `<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="${id}" TIME_SLOT_REF1="${from}" TIME_SLOT_REF2="${to}"><ANNOTATION_VALUE>${value}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>\n`;
  const slots = '<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="0"/><TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="1000"/>';

  it('names the line of every annotation that is not taken', () => {
    const tier =
      annotation('a1', 'ts1', 'ts2', 'hello there') +
      annotation('a2', 'ts2', 'ts1', 'back') +
      annotation('a3', 'ts1', 'ts9', 'lost');
    const file = read('x.eaf', EAF(slots, tier));
    expect(values(file)).toEqual(['hello there']);
    expect(messages(file)).toEqual([
      'Line 8: there is no time slot ts9; the annotation has no times; not taken.',
      'Line 7: the annotation ends before it starts (00:00:01.000 to 00:00:00.000); not taken.',
    ]);
  });

  it('survives tiers and annotations that refer to each other in a circle', () => {
    const ref = (id: string, to: string) =>
      `<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="${id}" ANNOTATION_REF="${to}" PREVIOUS_ANNOTATION="${to}"><ANNOTATION_VALUE>x</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>`;
    const text = EAF(slots, ref('a1', 'a2') + ref('a2', 'a1')).replace('<TIER ', '<TIER PARENT_REF="talk" ');
    expect(values(read('x.eaf', text))).toEqual([]);
  });
});

describe('TextGrid', () => {
  const head = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n5\n<exists>\n1\n';

  it('in the wrong encoding says what to do', () => {
    const utf16 = new Uint8Array(Buffer.from(`${head}"IntervalTier"`, 'utf16le'));
    expect(refusal('x.TextGrid', utf16)).toMatchObject({
      code: 'import.binary',
      tip: expect.stringContaining('UTF-8') as string,
    });
    const latin = new Uint8Array(Buffer.from(`${head}"IntervalTier"\n"a"\n0\n5\n1\n0\n5\n"Grüße euch"\n`, 'latin1'));
    const file = runNow(readAnnotations('x.TextGrid', latin));
    expect(values(file)).toEqual(['Grüße euch']);
    expect(file.problems[0]).toMatchObject({ code: 'import.encoding', severity: 'warning' });
  });

  it.each([
    [
      'cut short inside a text',
      `${head}"IntervalTier"\n"a"\n0\n5\n1\n0\n5\n"never closed`,
      /^Line 15: a quotation mark/,
    ],
    [
      'cut short between values',
      `${head}"IntervalTier"\n"a"\n0\n5\n2\n0\n5\n"one"\n5`,
      /^Line 16: the file ends where an end time/,
    ],
    [
      'a text where a time should be',
      `${head}"IntervalTier"\n"a"\n0\n5\n1\n0\n"5"\n"one"`,
      /^Line 14: "5" stands where an end time/,
    ],
    ['no such kind of tier', `${head}"PitchTier"\n"a"\n0\n5\n1`, /^Line 8: "PitchTier" is no kind of tier/],
    ['a count that is no count', `${head}"IntervalTier"\n"a"\n0\n5\n1.5\n`, /1.5 is no number of annotations/],
  ])('%s is refused with its line', (_what, text, message) => {
    expect(refusal('x.TextGrid', text).message).toMatch(message);
  });

  it('of another class, binary or chronological is refused by name', () => {
    expect(refusal('x.TextGrid', 'File type = "ooTextFile"\nObject class = "PitchTier"\n').message).toContain(
      'PitchTier',
    );
    expect(refusal('x.TextGrid', 'ooBinaryFile\u0008TextGrid').code).toBe('import.textgrid_binary');
    expect(refusal('x.TextGrid', '"Praat chronological TextGrid text file"\n0 5').code).toBe(
      'import.textgrid_chronological',
    );
  });

  it('does not trust a count without end', () => {
    const text = `${head}"IntervalTier"\n"a"\n0\n5\n99999999999\n0\n5\n"one"\n`;
    expect(refusal('x.TextGrid', text).code).toBe('import.textgrid_malformed');
  });
});

describe('tables', () => {
  it('with semicolons and comma decimals are read', () => {
    const file = read('marks.csv', 'modality;start_s;end_s;kind;severity\naudio;1,5;2,25;noisy;2\n');
    expect(file.set.tiers[0]?.items[0]).toMatchObject({
      range: { start: 1_500_000, end: 2_250_000 },
      value: 'noisy 2',
    });
  });

  it('with missing columns are refused, naming them and what is there', () => {
    expect(refusal('marks.csv', 'modality,start_s,kind,severity\naudio,1,noisy,2\n')).toMatchObject({
      code: 'import.columns',
      message: 'The table has no column end_s; its first line names modality, start_s, kind, severity.',
    });
  });

  it('with further columns are read, naming those that are not used', () => {
    const file = read('marks.csv', 'modality,start_s,end_s,kind,severity,mood\naudio,1,2,noisy,2,bad\n');
    expect(values(file)).toEqual(['noisy 2']);
    expect(messages(file)[0]).toContain('mood');
  });

  it('list every row that is not taken with its line and reason', () => {
    const rows = [
      'modality,start_s,end_s,kind,severity,review',
      'audio,1,2,noisy,2,confirmed',
      'audio,soon,2,noisy,2,confirmed',
      'audio,3,2,noisy,2,confirmed',
      'smell,1,2,noisy,2,confirmed',
      'audio,1,2,loud,2,confirmed',
      'audio,1,2,noisy,7,confirmed',
      'audio,1,2,noisy,2,rejected',
      'audio,1,2,noisy',
      'audio,0.5,0.75,noisy,2,confirmed',
    ];
    const file = read('marks.csv', rows.join('\n'));
    expect(values(file)).toEqual(['noisy 2', 'noisy 2']);
    expect(messages(file)).toEqual([
      'Line 3: start_s "soon" is no time; the row was not taken.',
      'Line 4: the row ends before it starts (00:00:03.000 to 00:00:02.000); not taken.',
      'Line 5: modality "smell" is not known; the row was not taken.',
      'Line 6: kind "loud" is not known; the row was not taken.',
      'Line 7: severity "7" is not known; the row was not taken.',
      'Line 9: severity "" is not known; the row was not taken.',
      'Line 8: the mark was rejected; not taken.',
      'Line 10: 00:00:00.500 is earlier than the time before it; the annotations were sorted.',
    ]);
  });

  it('of plain labels are read for each rater, with scores and notes; other columns are named', () => {
    const rows = [
      'start_s;end_s;label;rater_id;score;mood',
      '0;1,5;anger;R1;-2,5;x',
      '0;1,5;fear;R2;;y',
      '2;3;joy;R1;9;z',
    ];
    const file = read('labels.csv', rows.join('\n'));
    expect(file.set.tiers.map(({ name, kind, items }) => [name, kind, items.map(({ value }) => value)])).toEqual([
      ['label@R1', 'label', ['anger', 'joy']],
      ['score@R1', 'score', ['-2.5']],
      ['label@R2', 'label', ['fear']],
    ]);
    expect(file.set.tiers[0]?.items[0]?.range).toEqual({ start: 0, end: 1_500_000 });
    expect(messages(file)[0]).toContain('mood');
    expect(messages(file)[1]).toBe('Line 4: score "9" is no number from -3 to 3; the value was not taken.');
  });

  it('of labels that are no emotions become a tier of the rater, and one slip among emotions stays a label', () => {
    const own = read('labels.csv', 'start_s,end_s,label,rater_id\n0,1,leans in,R1\n1,2,nods,R1\n').set.tiers;
    expect(own.map(({ name, kind }) => [name, kind])).toEqual([['tier@labels@R1', 'tier']]);
    const slip = read('labels.csv', 'start_s,end_s,label\n0,1,anger\n1,2,angr\n2,3,fear\n').set.tiers;
    expect(slip.map(({ name, kind, items }) => [name, kind, items.length])).toEqual([['label', 'label', 3]]);
  });

  it('of labels name every row that is not taken with its line', () => {
    const rows = ['start_s,end_s,label', '0,1,anger', 'soon,2,anger', '3,2,anger', '0,1,fear', '4,5,', '4,5'];
    const file = read('labels.csv', rows.join('\n'));
    expect(values(file)).toEqual(['anger']);
    expect(messages(file).map((message) => message.slice(0, 7))).toEqual(
      expect.arrayContaining(['Line 3:', 'Line 4:', 'Line 5:', 'Line 6:', 'Line 7:']),
    );
  });

  it('with words are a transcript, whatever else they hold', () => {
    const file = read('t.csv', 'start_s,end_s,text,label\n0,1,Good morning,anger\n');
    expect(file.set.tiers.map(({ kind }) => kind)).toEqual(['transcript']);
    expect(messages(file).join()).toContain('label');
  });

  it.each([
    ['cues of a table', 't.csv', 'start_s,end_s,text\n3,4,second\n1,2,first\n'],
    ['labels of a table', 'l.csv', 'start_s,end_s,label\n3,4,second\n1,2,first\n'],
    ['Audacity labels', 'a.txt', '3\t4\tsecond\n1\t2\tfirst\n'],
    ['subtitles', 's.srt', '1\n00:00:03,000 --> 00:00:04,000\nsecond\n\n2\n00:00:01,000 --> 00:00:02,000\nfirst\n'],
  ])('times out of order are taken in order, and said so: %s', (_what, name, content) => {
    const file = read(name, content);
    expect(values(file)).toEqual(['first', 'second']);
    expect(messages(file).filter((message) => /sorted/.test(message))).toHaveLength(1);
    expect(messages(file).join()).toMatch(/Line \d+: .*earlier/);
  });

  it('with the same id twice take the first row and name the others', () => {
    const rows = [
      'recording_id,segment_id,rater_id,start_s,end_s,label',
      'rec-1,s1,R1,0,1,anger',
      'rec-1,s1,R1,0,1,fear',
      'rec-1,s1,R2,0,2,fear',
      'rec-1,s1,R2,0,1,fear',
      'rec-2,s1,R1,0,1,fear',
    ];
    const file = read('segments.csv', rows.join('\n'));
    expect(
      file.set.tiers.filter(({ kind }) => kind === 'label').map(({ name, items }) => [name, items.length]),
    ).toEqual([
      ['label@R1', 1],
      ['label@R2', 1],
    ]);
    expect(messages(file)).toEqual([
      'Line 3: R1 judges segment s1 twice; the row was not taken.',
      'Line 4: segment s1 has other times than in a row before; the row was not taken.',
      'Line 6: the row belongs to recording rec-2, the first one to rec-1; not taken.',
    ]);
  });

  it('keep a formula that was guarded on export as the text it was', () => {
    const file = read('tiers.csv', "tier,start_s,end_s,value\nnotes,0,1,'=1+1\nnotes,1,2,'NA\nnotes,2,3,''=x\n");
    expect(values(file)).toEqual(['=1+1', 'NA', "'=x"]);
  });
});

describe('other files', () => {
  it.each(['{"a": [', '{"segments": 3}', 'null', '{"__proto__": {"segments": []}}'])('JSON %s is refused', (json) => {
    expect(refusal('x.json', json).code).toMatch(/^import\.json_/);
  });

  it('JSON nested without end is refused, not crashed on', () => {
    expect(refusal('x.json', '['.repeat(200_000)).code).toMatch(/^import\.json_/);
  });

  it('Audacity lines that are no labels are named', () => {
    const file = read('x.txt', '1.0\t2.0\thello\nnonsense\n3,5\t4,5\tcomma\n');
    expect(values(file)).toEqual(['hello', 'comma']);
    expect(messages(file)).toEqual(['Line 2: "nonsense" are no two times in seconds; not taken.']);
  });

  it('of no known kind are refused with the list of what is read', () => {
    expect(refusal('x.docx', 'hello')).toMatchObject({
      code: 'import.format',
      tip: expect.stringContaining('TextGrid') as string,
    });
  });

  it('with NUL bytes are refused as no text', () => {
    expect(refusal('x.eaf', new Uint8Array([0x3c, 0, 0, 1])).code).toBe('import.binary');
  });
});
