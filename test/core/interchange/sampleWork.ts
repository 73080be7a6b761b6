import type { RecordingDescription } from '../../../core/interchange/describeRecording.js';
import { mark, range, segment } from '../fixtures.js';

/** A recording that two people worked on. */
export const sampleWork = {
  duration: range(0, 12).end,
  mediaName: 'talk one.mp4',
  segments: [
    segment('s0001', 0, 2.5, 'I had a "very" good day'),
    segment('s0002', 3, 5),
    segment('s0003', 5, 9.25, 'and then & <so> on'),
  ],
  cues: [
    { range: range(0, 2.5), text: 'I had a "very" good day', speaker: 'Anna' },
    { range: range(5, 9.25), text: 'and then & <so> on', speaker: 'Bo' },
  ],
  labels: [
    {
      segmentId: 's0001',
      raterId: 'R1',
      label: 'happiness',
      score: 2,
      note: '=laughs',
      modifiedUtc: '2026-01-01T00:00:00.000Z',
    },
    { segmentId: 's0003', raterId: 'R1', label: 'sadness', modifiedUtc: '2026-01-01T00:00:00.000Z' },
    { segmentId: 's0001', raterId: 'R2', label: 'neutral', score: -0.5, modifiedUtc: '2026-01-01T00:00:00.000Z' },
  ],
  marks: [
    mark({
      id: 'human-visual-0001',
      modality: 'visual',
      range: range(1, 4),
      kind: 'occluded',
      severity: 3,
      note: 'hand',
    }),
    mark({ id: 'human-audio-0002', modality: 'audio', range: range(2, 6), kind: 'noisy', severity: 2 }),
    mark({ id: 'human-audio-0003', modality: 'audio', range: range(2, 6), kind: 'clipped', severity: 1 }),
    mark({ id: 'auto-1', modality: 'text', range: range(3, 5), kind: 'asr_error', source: 'auto', review: 'proposed' }),
  ],
} as const satisfies RecordingDescription;
