import { column, type ReportColumn } from './column.js';
import { csvChunks } from './csv.js';

/** Name of the table that says what came of each recording of a batch. */
export const BATCH_LOG_FILE = 'batch_log.csv';

export const BATCH_RESULTS = ['ok', 'partial', 'failed', 'not run'] as const;
/** `partial`: a report was written, but not every segment has an estimate, or a step met errors. */
export type BatchResult = (typeof BATCH_RESULTS)[number];

/** What came of one recording of a batch. */
export interface BatchRow {
  readonly recordingId: string;
  readonly participant?: string;
  readonly session?: string;
  readonly result: BatchResult;
  /** Step that it ended in, in words. */
  readonly step: string;
  /** Why it is not `ok`; absent where it is. */
  readonly reason?: string;
  /** Segments with an estimate, and all; absent where there was no analysis. */
  readonly estimated?: number;
  readonly segments?: number;
  /** Folder of the report inside the folder of the batch; absent where none was written. */
  readonly folder?: string;
}

const COLUMNS: readonly ReportColumn[] = [
  column('recording_id', 'id', 'Recording, by content'),
  column('participant_id', 'id', 'Pseudonym of who was recorded', { optional: true }),
  column('session_id', 'id', 'Session of the project', { optional: true }),
  column('result', 'category', 'What came of it', { values: BATCH_RESULTS }),
  column('step', 'text', 'Step that it ended in'),
  column('reason', 'text', 'Why it is not ok', { optional: true }),
  column('segments_estimated', 'integer', 'Segments with an estimate', { optional: true }),
  column('segments', 'integer', 'Segments of the analysis', { optional: true }),
  column('folder', 'text', 'Folder of the report', { optional: true }),
];

/** The table as CSV text, in the order of the batch. */
export function batchLog(rows: readonly BatchRow[]): string {
  const cells = rows.map((row) => [
    ...[row.recordingId, row.participant, row.session, row.result, row.step, row.reason],
    ...[row.estimated, row.segments, row.folder],
  ]);
  return [...csvChunks(COLUMNS, cells)].join('');
}
