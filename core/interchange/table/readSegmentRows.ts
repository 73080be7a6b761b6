import { MODALITIES } from '../../recording/modality.js';
import type { CsvRow } from '../../text/readCsv.js';
import type { TimeRange } from '../../time/microseconds.js';
import type { ReadingReport, TierCollector } from '../reading.js';
import { FLAG_TEXT } from '../plan/remarks.js';
import { tierName } from '../tierNames.js';
import type { RowReader } from './readTable.js';
import { cellNumber, cellRange, cellText } from './rowValues.js';

const YIELD_EVERY = 1_000;
const SEGMENT_TIER = tierName('segment');
const SCORE_RANGE = [-3, 3] as const;
const SHARE_RANGE = [0, 1] as const;

/** What was taken so far, to find rows that say the same thing twice. */
interface Seen {
  recordingId: string | undefined;
  readonly segments: Map<string, TimeRange>;
  readonly judgements: Set<string>;
}

/** A row that must not be taken, and why; undefined when it is fine. */
function refusal(
  row: CsvRow,
  range: TimeRange,
  seen: Seen,
): readonly [code: string, what: string, tip: string] | undefined {
  const recordingId = cellText(row, 'recording_id');
  seen.recordingId ??= recordingId;
  if (recordingId !== seen.recordingId) {
    return [
      'other_recording',
      `the row belongs to recording ${recordingId ?? 'NA'}, the first one to ${seen.recordingId ?? 'NA'}; not taken.`,
      'Import each recording by itself.',
    ];
  }
  const [segmentId, raterId] = [cellText(row, 'segment_id'), cellText(row, 'rater_id')];
  if (segmentId === undefined || raterId === undefined) {
    return ['id_missing', 'segment_id or rater_id is missing; the row was not taken.', 'Fill them in.'];
  }
  const known = seen.segments.get(segmentId);
  if (known && (known.start !== range.start || known.end !== range.end)) {
    return [
      'duplicate_id',
      `segment ${segmentId} has other times than in a row before; the row was not taken.`,
      'Give each segment an id of its own.',
    ];
  }
  const judgement = JSON.stringify([segmentId, raterId]);
  if (seen.judgements.has(judgement)) {
    return [
      'duplicate_id',
      `${raterId} judges segment ${segmentId} twice; the row was not taken.`,
      'Keep one of the rows.',
    ];
  }
  seen.judgements.add(judgement);
  return undefined;
}

interface Target {
  readonly collector: TierCollector;
  readonly report: ReadingReport;
}

function addSegment(row: CsvRow, segmentId: string, { start, end }: TimeRange, { collector }: Target): void {
  collector.add({ name: SEGMENT_TIER, kind: 'segment' }, start, end, segmentId, row.line);
  const remarks = [
    ['segment-note', cellText(row, 'segment_note')],
    ['segment-flag', cellText(row, 'flagged') === 'yes' ? FLAG_TEXT : undefined],
  ] as const;
  for (const [kind, value] of remarks) {
    const head = { name: tierName(kind), kind, parent: SEGMENT_TIER };
    if (value !== undefined) collector.add(head, start, end, value, row.line);
  }
  const words = cellText(row, 'transcript');
  const transcript = { name: tierName('transcript'), kind: 'transcript', parent: SEGMENT_TIER } as const;
  if (words !== undefined) collector.add(transcript, start, end, words, row.line);
  for (const modality of MODALITIES) {
    const state = cellText(row, `${modality}_state`);
    const head = { name: tierName('state', modality), kind: 'state', owner: modality, parent: SEGMENT_TIER } as const;
    if (state !== undefined) collector.add(head, start, end, state, row.line);
  }
}

function addJudgement(row: CsvRow, raterId: string, { start, end }: TimeRange, { collector, report }: Target): void {
  const label = cellText(row, 'label');
  if (label === undefined) return;
  const name = tierName('label', raterId);
  collector.add({ name, kind: 'label', owner: raterId, parent: SEGMENT_TIER }, start, end, label, row.line);
  const score = cellNumber(row, 'score', SCORE_RANGE, report);
  const confidence = cellNumber(row, 'confidence', SHARE_RANGE, report);
  const values = [
    ['score', score === undefined ? undefined : String(score)],
    ['confidence', confidence === undefined ? undefined : String(confidence)],
    ['note', cellText(row, 'note')],
  ] as const;
  for (const [kind, value] of values) {
    const head = { name: tierName(kind, raterId), kind, owner: raterId, parent: name };
    if (value !== undefined) collector.add(head, start, end, value, row.line);
  }
}

/** Rows of segments.csv of a report: one per segment and rater. */
export const readSegmentRows: RowReader = function* (table, collector, report) {
  const seen: Seen = { recordingId: undefined, segments: new Map(), judgements: new Set() };
  for (const [index, row] of table.rows.entries()) {
    if (index % YIELD_EVERY === 0) yield index / table.rows.length;
    const range = cellRange(row, ['start_s', 'end_s'], report);
    if (!range) continue;
    const refused = refusal(row, range, seen);
    if (refused) {
      const [code, what, tip] = refused;
      report.line(row.line, 'error', code, what, tip);
      continue;
    }
    const segmentId = cellText(row, 'segment_id') ?? '';
    if (!seen.segments.has(segmentId)) {
      seen.segments.set(segmentId, range);
      addSegment(row, segmentId, range, { collector, report });
    }
    addJudgement(row, cellText(row, 'rater_id') ?? '', range, { collector, report });
  }
};
