import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { describeRecording } from '../../../core/interchange/describeRecording.js';
import { writeEaf } from '../../../core/interchange/eaf/writeEaf.js';
import type { SegmentResult } from '../../../core/recovery/estimate.js';
import type { Segment } from '../../../core/segments/segment.js';
import type { AnnotationSet } from '../../../core/interchange/annotationSet.js';
import { estimate, use } from '../fixtures.js';
import { annotationSets } from './arbitraries.js';
import { sampleWork } from './sampleWork.js';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/interchange');
const schema = readFileSync(path.join(fixtures, 'EAFv3.0.xsd'), 'utf8');

async function errorsOf(...xml: readonly string[]): Promise<readonly string[]> {
  const files = xml.map((contents, index) => ({ fileName: `${index}.eaf`, contents }));
  const { errors } = await validateXML({ xml: files, schema: [schema] });
  return errors.map(({ message }) => message);
}

const eaf = (set: AnnotationSet) => [...writeEaf(set, { createdUtc: '2026-11-23T12:00:00.000Z' })].join('');

const resultsOf = (segments: readonly Segment[]): SegmentResult[] =>
  segments.map(({ id }) => ({
    segmentId: id,
    use: { text: use(), audio: use({ state: 'degraded' }), visual: use({ state: 'recovered' }) },
    estimate: estimate(),
  }));

describe('EAF against the published schema EAFv3.0.xsd', () => {
  it('accepts what ELAN itself wrote', async () => {
    expect(await errorsOf(readFileSync(path.join(fixtures, 'elanSample.eaf'), 'utf8'))).toEqual([]);
  });

  it('refuses a file that is wrong, so the check can fail', async () => {
    expect(await errorsOf(eaf({ tiers: [], vocabularies: [] }).replace('<TIME_ORDER>', '<TIME>'))).not.toEqual([]);
  });

  it('accepts a recording with labels, marks, states and confidences', async () => {
    const set = describeRecording({ ...sampleWork, results: resultsOf(sampleWork.segments) });
    const xml = eaf(set);
    expect(set.tiers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['label@model', 'confidence@model', 'state@audio', 'label@R1', 'mark@visual']),
    );
    expect(xml).toContain('RELATIVE_MEDIA_URL="./talk%20one.mp4"');
    expect(await errorsOf(xml)).toEqual([]);
  });

  it('accepts whatever people write on any tiers', async () => {
    const sets = fc.sample(annotationSets({ overlaps: true }), { numRuns: 40 });
    expect(await errorsOf(...sets.map(eaf))).toEqual([]);
  });

  it('accepts control characters and names that XML cannot hold', async () => {
    const item = { range: sampleWork.segments[0]?.range ?? { start: 0, end: 1 }, value: 'a\u0001b\ud800"<&' };
    const set = { tiers: [{ name: '<"&\u0002', kind: 'other', items: [item] }], vocabularies: [] } as AnnotationSet;
    expect(await errorsOf(eaf(set))).toEqual([]);
  });
});
