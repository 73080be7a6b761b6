import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../core/analysis/defaultParameters.js';
import { emptyDocument } from '../../../core/document/annotationDocument.js';
import { assertDocumentInvariants } from '../../../core/document/assertDocumentInvariants.js';
import { putTrace, removeTrace, setTraceLag } from '../../../core/traces/editTraces.js';
import { ratedShare, type Trace, traceRuns } from '../../../core/traces/trace.js';
import { tracesTable } from '../../../core/traces/tracesTable.js';
import { TraceDraft } from '../../../core/traces/traceDraft.js';
import { fromSeconds, microseconds } from '../../../core/time/microseconds.js';

const trace = (change: Partial<Trace> = {}): Trace => ({
  id: 'v0001',
  dimension: 'valence',
  raterId: 'R1',
  start: microseconds(0),
  step: microseconds(50_000),
  values: [0, 500, null, -1000],
  reactionLag: microseconds(400_000),
  input: 'mouse',
  speeds: [1],
  recordedUtc: '2026-11-23T12:00:00.000Z',
  ...change,
});
const DOCUMENT = emptyDocument('rec-1', fromSeconds(20), defaultParameters());

describe('recording a trace', () => {
  it('keeps one value per step, and nothing before the person moved', () => {
    const draft = new TraceDraft(20);
    draft.sample(0, undefined);
    draft.sample(60_000, undefined);
    draft.sample(110_000, 0.25);
    draft.sample(170_000, 0.5);
    draft.sample(215_000, -2);
    expect(draft.result()).toEqual({ start: 100_000, step: 50_000, values: [250, 500, -1000] });
  });

  it('a jump of the clock leaves a gap, steps between two screen frames do not', () => {
    const draft = new TraceDraft(20);
    draft.sample(0, 0.1);
    draft.sample(200_000, 0.2);
    draft.sample(2_000_000, 0.3);
    const values = draft.result()?.values ?? [];
    expect(values.slice(0, 5)).toEqual([100, 200, 200, 200, 200]);
    expect(values.slice(5, 40)).toEqual(Array.from({ length: 35 }, () => null));
    expect(values[40]).toBe(300);
  });

  it('after a pause the next value is not joined to the one before, and going over a stretch again replaces it', () => {
    const draft = new TraceDraft(10);
    draft.sample(0, 0);
    draft.sample(100_000, 0);
    draft.pause();
    draft.sample(400_000, 1);
    draft.pause();
    draft.sample(0, 0.7);
    expect(draft.result()?.values).toEqual([700, 0, null, null, 1000]);
  });

  it('before the first movement there is no trace at all', () => {
    const draft = new TraceDraft(10);
    draft.sample(0, undefined);
    expect(draft.result()).toBeUndefined();
  });

  it('never makes up a value: every kept one was said within half a second of its time', () => {
    const said = fc.record({
      time: fc.integer({ min: 0, max: 5_000_000 }),
      value: fc.integer({ min: -1000, max: 1000 }),
    });
    fc.assert(
      fc.property(fc.array(said, { minLength: 1, maxLength: 60 }), fc.constantFrom(10, 20, 25), (samples, rate) => {
        const draft = new TraceDraft(rate);
        for (const { time, value } of samples) draft.sample(time, value / 1000);
        const made = draft.result()!;
        made.values.forEach((value, index) => {
          if (value === null) return;
          const at = made.start + index * made.step;
          expect(samples.some((one) => one.value === value && Math.abs(one.time - at) <= 500_000 + made.step)).toBe(
            true,
          );
        });
      }),
    );
  });
});

describe('the table of traces', () => {
  it('has one row per value with both times beside each other, and NA where nothing was rated', () => {
    const [header, ...rows] = tracesTable('rec-1', [trace()]).trimEnd().split('\n');
    expect(header).toContain('time_s,time_hms,time_without_lag_s,value,reaction_lag_ms');
    expect(rows).toHaveLength(4);
    expect(rows[1]).toContain('0.050,00:00:00.050,-0.350,0.500,400,mouse');
    expect(rows[2]).toContain(',NA,400,');
  });
});

describe('traces of a document', () => {
  it('a trace is cut where the recording ends, and undoing is removing', () => {
    const long = trace({ start: microseconds(19_900_000), values: [1, 2, 3, 4] });
    const document = putTrace(DOCUMENT, long);
    expect(document.traces?.[0]?.values).toEqual([1, 2]);
    assertDocumentInvariants(document);
    expect(removeTrace(document, 'v0001').traces).toEqual([]);
  });

  it('the minus zero of a stick at rest is kept as the zero that a file gives back, what is missing stays missing', () => {
    const put = putTrace(DOCUMENT, trace({ values: [-0, null, -500, 0] })).traces![0]!;
    expect(put.values).toEqual([0, null, -500, 0]);
    expect(JSON.parse(JSON.stringify(put))).toEqual(put);
  });

  it('the lag is stated beside the values and only shifts what is shown', () => {
    const document = setTraceLag(putTrace(DOCUMENT, trace()), 'v0001', microseconds(250_000));
    const [kept] = document.traces!;
    expect(kept?.values).toEqual(trace().values);
    expect(traceRuns(kept!, false).map(({ start, values }) => [start, values])).toEqual([
      [0, [0, 0.5]],
      [150_000, [-1]],
    ]);
    expect(traceRuns(kept!, true).map(({ start }) => start)).toEqual([-250_000, -100_000]);
    expect(ratedShare(kept!)).toBe(0.75);
  });

  it('values that are no thousandths from -1 to 1 are found', () => {
    const broken = (values: readonly number[]) => () =>
      assertDocumentInvariants({ ...DOCUMENT, traces: [trace({ values })] });
    expect(broken([0.5])).toThrow(/trace v0001 has the value 0.5/);
    expect(broken([1001])).toThrow(/trace v0001 has the value 1001/);
  });
});
