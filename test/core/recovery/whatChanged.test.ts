import { describe, expect, it } from 'vitest';
import type { Ablation, Estimate, SegmentResult } from '../../../core/recovery/estimate.js';
import { changeSummaries, labelFlips } from '../../../core/recovery/whatChanged.js';
import { estimate, use } from '../fixtures.js';

const without = (score: number, label: Ablation['label']): Ablation => ({
  from: 'TA',
  score: { value: score, low: score, high: score },
  probabilities: [],
  label,
  confidence: 0.5,
});
const result = (segmentId: string, made?: Estimate): SegmentResult => ({
  segmentId,
  use: { text: use(), audio: use(), visual: use() },
  ...(made === undefined ? {} : { estimate: made }),
});

const RESULTS = [
  result('s1', estimate({ ablations: { text: without(0.75, 'anger'), audio: without(-0.25, 'neutral') } })),
  result('s2', estimate({ ablations: { recovery: without(-0.75, 'neutral'), text: without(-0.5, 'neutral') } })),
  result('s3', estimate()),
  result('s4'),
];

describe('what leaving something out changes', () => {
  it('lists the segments whose label flips, and what makes it flip', () => {
    expect(labelFlips(RESULTS)).toEqual([{ segmentId: 's1', label: 'neutral', without: { text: 'anger' } }]);
  });

  it('counts only segments where it can be left out, and says nothing where there is none', () => {
    const [recovery, text, audio, visual] = changeSummaries(RESULTS);
    expect(recovery).toEqual({ name: 'recovery', n: 1, flips: 0, scoreChange: 0.5 });
    expect(text).toEqual({ name: 'text', n: 2, flips: 1, scoreChange: 0.625 });
    expect(audio).toEqual({ name: 'audio', n: 1, flips: 0, scoreChange: 0 });
    expect(visual).toEqual({ name: 'visual', n: 0, flips: 0 });
  });
});
