import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { captionOf, type Picture, svgPicture } from '../../../core/pictures/pictureFrame.js';
import { stateOverviewPicture, stateSeconds } from '../../../core/pictures/stateOverview.js';
import { timelinePicture, type TimelineSource, wholeRange } from '../../../core/pictures/timelinePicture.js';
import { fromSeconds, microseconds } from '../../../core/time/microseconds.js';
import { analysis, estimate, mark, processorTime, range, RUNAWAY_MILLISECONDS, segment, use } from '../fixtures.js';

const observed = { text: use(), audio: use(), visual: use() };
const recovered = { ...observed, visual: use({ state: 'recovered', usableFraction: 0 }) };
const degraded = { ...observed, audio: use({ state: 'degraded' }) };
const nothing = use({ state: 'missing', usableFraction: 0 });
const HOSTILE = '"><script>alert(1)</script>';

const SEGMENTS = [segment('a', 0, 4), segment('b', 4, 8), segment('c', 8, 12), segment('d', 12, 16)];
const RESULTS = new Map(
  [
    { segmentId: 'a', use: observed, estimate: estimate() },
    { segmentId: 'b', use: recovered, estimate: estimate({ score: { value: 1, low: 0, high: 2 } }) },
    { segmentId: 'c', use: { text: nothing, audio: nothing, visual: nothing } },
    { segmentId: 'd', use: degraded, estimate: estimate() },
  ].map((result) => [result.segmentId, result]),
);
const SOURCE: TimelineSource = {
  range: wholeRange(fromSeconds(16)),
  segments: SEGMENTS,
  results: RESULTS,
  marks: [mark({ range: range(1, 3) }), mark({ id: 'm2', range: range(5, 9), review: 'proposed', source: 'auto' })],
  labels: [{ segmentId: 'a', raterId: HOSTILE, label: 'anger', score: -2, modifiedUtc: '2026-01-01T00:00:00Z' }],
  intervalLevel: 0.9,
  peaks: { hop: microseconds(10_000), minMax: new Int16Array(3_200).map((_, i) => (i % 2 ? 9_000 : -9_000)) },
};
const CAPTION = captionOf(analysis(), { recordingId: 'rec-1', appVersion: '0.2.0', what: `What ${HOSTILE}.` });
const pictures: readonly (readonly [string, Picture])[] = [
  ['timeline', timelinePicture(SOURCE, CAPTION)],
  ['sentiment', timelinePicture(SOURCE, CAPTION, 'sentiment')],
  ['states', stateOverviewPicture(stateSeconds(SEGMENTS, RESULTS), CAPTION)],
];

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Elements and texts of a document; fails where it is not well-formed. */
function parsed(svg: string): { readonly elements: readonly Element[]; readonly words: string } {
  const elements: Element[] = [];
  let words = '';
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => elements.push({ name, attributes: attributes }));
  parser.on('text', (text) => (words += `${text}\n`));
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(svg).close();
  return { elements, words };
}

describe.each(pictures)('the picture %s', (_name, picture) => {
  const svg = svgPicture(picture, { prefix: 'x' });
  const { elements, words } = parsed(svg);

  it('is one SVG document without script, style sheet or outside reference, whatever the names', () => {
    expect(elements[0]?.name).toBe('svg');
    expect(elements.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['script']));
    expect(elements.some(({ name }) => ['style', 'image', 'use', 'a', 'foreignObject'].includes(name))).toBe(false);
    expect(elements.flatMap(({ attributes }) => Object.keys(attributes)).filter((key) => /^on|href/.test(key))).toEqual(
      [],
    );
    expect(words).toContain(HOSTILE);
    expect(svg).not.toContain('NaN');
  });

  it('has title, legend and a caption of bundle, seed and parameters', () => {
    expect(words).toContain(picture.title);
    const flat = words.replace(/\s+/g, ' ');
    expect(flat).toContain(
      'Bundle speech-face-en 0.1.0 (SHA-256 cdcdcdcdcdcd), 8 samples per recovered modality, seed 7',
    );
    expect(flat).toContain('intervals at 90 %');
  });

  it('refers to patterns of its own only', () => {
    const own = new Set(elements.map(({ attributes }) => attributes['id']));
    const used = [...svg.matchAll(/url\(#([^)]+)\)/g)].map((match) => match[1]);
    expect(used.filter((id) => !own.has(id))).toEqual([]);
    expect([...own].filter((id) => id !== undefined && !id.startsWith('x-'))).toEqual([]);
  });

  it('has no hue in greyscale', () => {
    for (const [, colour = ''] of svgPicture(picture, { greyscale: true }).matchAll(/"#([0-9a-f]{6})"/g)) {
      const parts = [0, 2, 4].map((at) => parseInt(colour.slice(at, at + 2), 16));
      expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(8);
    }
  });
});

describe('the timeline picture', () => {
  const { elements, words } = parsed(svgPicture(pictures[0]![1]));
  const lines = elements.filter(({ attributes }) => attributes['stroke-width'] === '1.75' && attributes['d']);

  it('never joins measured and recovered stretches, and draws recovered ones dashed', () => {
    expect(lines).toHaveLength(3);
    expect(lines.map(({ attributes }) => attributes['stroke-dasharray'])).toEqual([undefined, '6 3', undefined]);
  });

  it('draws a segment without an estimate as a gap with words', () => {
    expect(words).toContain('no estimate');
    expect(words).toContain('none');
  });

  it('names every state and tells a proposal from a confirmed mark', () => {
    for (const word of ['observed', 'degraded', 'recovered', 'missing', 'noisy', '? noisy'])
      expect(words).toContain(word);
  });

  it('stays small and quick with 10 000 segments', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => segment(`s${index}`, index, index + 0.9));
    const results = new Map(
      many.map(({ id }, index) => [id, { segmentId: id, use: index % 2 ? observed : recovered, estimate: estimate() }]),
    );
    let size = 0;
    const took = processorTime(() => {
      const source = { ...SOURCE, segments: many, results, range: wholeRange(fromSeconds(10_000)) };
      size = svgPicture(timelinePicture(source, CAPTION)).length;
    });
    expect(took).toBeLessThan(RUNAWAY_MILLISECONDS);
    expect(size).toBeLessThan(8_000_000);
  });
});

describe('the state overview', () => {
  it('counts seconds per state, and nothing where nothing was analysed', () => {
    const seconds = stateSeconds([...SEGMENTS, segment('e', 16, 99)], RESULTS);
    expect(seconds.visual).toEqual({ observed: 8, degraded: 0, recovered: 4, missing: 4 });
    const { words } = parsed(svgPicture(stateOverviewPicture(stateSeconds([], new Map()), CAPTION)));
    expect(words).toContain('no analysed segments');
  });
});
