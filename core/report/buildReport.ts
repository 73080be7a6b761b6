import type { Agreement } from '../agreement/agreement.js';
import { agreementMatrixRows, agreementRows } from '../agreement/agreementTables.js';
import { agreementOfWork } from '../agreement/reportAgreement.js';
import type { LearnedEstimate } from '../learn/learnedReadout.js';
import type { RaterLabel } from '../labels/label.js';
import type { CorruptionMark } from '../marks/mark.js';
import { distinctProblems } from '../problems/distinctProblems.js';
import type { Problem } from '../problems/problem.js';
import { annotationRows } from '../tiers/annotationRows.js';
import { codingOf } from '../tiers/coding.js';
import { traceRows } from '../traces/tracesTable.js';
import { EMOTIONS } from '../recording/emotion.js';
import { MODALITIES } from '../recording/modality.js';
import { type Ablation, ABLATIONS, type Estimate, type SegmentResult } from '../recovery/estimate.js';
import { uncertaintyOf } from '../review/uncertainty.js';
import type { Segment } from '../segments/segment.js';
import { formatHms, formatSeconds } from '../time/format.js';
import { orderByStart } from '../time/orderByStart.js';
import { durationOf } from '../time/ranges.js';
import { MICROSECONDS_PER_SECOND, type TimeRange } from '../time/microseconds.js';
import { codebookRows } from './codebook.js';
import type { ReportColumn } from './column.js';
import { REPORT_COLUMNS, type ReportFileName, wideColumns } from './columns.js';
import type { CsvCell } from './csv.js';
import { excludedRows } from './excludedRows.js';
import { type PersonRow, personRows } from './personRows.js';
import type { ReportInput } from './reportInput.js';
import { DEFAULT_REPORT_OPTIONS, type ReportOptions } from './reportOptions.js';
import { raterIds, wideRows } from './wideRows.js';
import { timelineRows } from './timelineRows.js';

/** One file of the report; rows are made as they are read, so that a long timeline never lies in memory whole. */
export interface ReportTable {
  readonly fileName: ReportFileName;
  readonly columns: readonly ReportColumn[];
  rows(): Iterable<readonly CsvCell[]>;
}

type Row = readonly CsvCell[];

const NO_TIMES: Row = [undefined, undefined, undefined, undefined];

function times(range: TimeRange): Row {
  return [formatSeconds(range.start), formatSeconds(range.end), formatHms(range.start), formatHms(range.end)];
}

const orMissing = (text: string | undefined): CsvCell => (text === undefined || text === '' ? undefined : text);

/** Score to confidence of a model row; all missing without an estimate. */
function estimateCells(estimate: Estimate | undefined): Row {
  return [
    estimate?.label,
    estimate?.score.value,
    estimate?.score.low,
    estimate?.score.high,
    ...EMOTIONS.map((_, index) => estimate?.probabilities[index]),
    estimate?.confidence,
    ...EMOTIONS.flatMap((_, index) => [estimate?.probabilityLow[index], estimate?.probabilityHigh[index]]),
  ];
}

/** Score to confidence of a read-out with something left out; all missing where there is none. */
function ablationCells(ablation: Ablation | undefined): Row {
  return [ablation?.score.value, ablation?.score.low, ablation?.score.high, ablation?.label, ablation?.confidence];
}

/** The same cells for a person, who gives a label and perhaps a score, and no probabilities; none where they skipped. */
function labelCells(label: RaterLabel | undefined): Row {
  return [label?.label, label?.score, undefined, undefined, ...Array<undefined>(EMOTIONS.length * 3 + 1)];
}

interface SegmentContext {
  readonly input: ReportInput;
  readonly segment: Segment;
  readonly result: SegmentResult | undefined;
  readonly people: readonly PersonRow[];
}

function segmentRow(context: SegmentContext, person: PersonRow | undefined): Row {
  const { input, segment, result } = context;
  const { analysis } = input;
  const isModel = person === undefined;
  const label = person?.label;
  return [
    input.recordingId,
    segment.id,
    isModel ? 'model' : person.raterId,
    isModel ? 'model' : 'human',
    ...times(segment.range),
    formatSeconds(durationOf(segment.range)),
    ...MODALITIES.map((modality) => result?.use[modality].state),
    ...(isModel ? estimateCells(result?.estimate) : labelCells(label)),
    ...MODALITIES.map((modality) => result?.use[modality].quality),
    orMissing(segment.text),
    orMissing(label?.note),
    segment.origin,
    input.inputSha256.slice(0, 12),
    isModel ? analysis.bundle.id : undefined,
    isModel ? analysis.bundle.version : undefined,
    isModel ? analysis.bundle.sha256.slice(0, 12) : undefined,
    isModel ? analysis.parameters.seed : undefined,
    input.appVersion,
    label?.modifiedUtc,
    orMissing(segment.speaker),
    frameFrom(segment.range.start, input.framesPerSecond),
    frameFrom(segment.range.end, input.framesPerSecond),
    input.sourceFile,
    ...changeCells(isModel ? result : undefined),
    ...(isModel ? uncertaintyCells(result) : NO_UNCERTAINTY),
    ...(isModel ? [reviewOfModel(context), undefined] : [person.outcome, person.reviewedUtc]),
    input.participant,
    input.session,
    conditionsText(input.conditions),
    segment.flagged === true ? 'yes' : 'no',
    orMissing(segment.note),
    isModel && result?.estimate ? 'bundle' : undefined,
    ...flipCells(isModel ? result : undefined),
  ];
}

function flipCells(result: SegmentResult | undefined): Row {
  const { label, ablations } = result?.estimate ?? {};
  return ABLATIONS.map((name) => {
    const without = ablations?.[name];
    if (without === undefined) return undefined;
    return without.label === label ? 'no' : 'yes';
  });
}

function conditionsText(conditions: ReportInput['conditions']): CsvCell {
  const names = Object.keys(conditions ?? {}).sort();
  return names.length === 0 ? undefined : names.map((name) => `${name}=${conditions?.[name] ?? ''}`).join('; ');
}

/** Recovery spread, and what the model says with something left out. */
function changeCells(result: SegmentResult | undefined): Row {
  const estimate = result?.estimate;
  return [
    estimate?.scoreSpread,
    ...MODALITIES.map((modality) => result?.use[modality].spread),
    ...ABLATIONS.flatMap((name) => ablationCells(estimate?.ablations?.[name])),
  ];
}

const NO_UNCERTAINTY: Row = [undefined, undefined, undefined, undefined];

function uncertaintyCells(result: SegmentResult | undefined): Row {
  if (!result) return NO_UNCERTAINTY;
  const { input, recovery, prediction, total } = uncertaintyOf(result);
  return [input, recovery, prediction, total];
}

function reviewOfModel({ result, people }: SegmentContext): CsvCell {
  if (!result) return undefined;
  return people.some(({ outcome }) => outcome !== undefined) ? 'reviewed' : 'not_reviewed';
}

/** Row of a read-out learned from labels, beside the model's own: the same segment, states and input, other figures. */
function learnedRow(context: SegmentContext, { label, score, probabilities, confidence }: LearnedEstimate): Row {
  const row = segmentRow(context, undefined);
  const names = REPORT_COLUMNS['segments.csv'].map(({ name }) => name);
  const kept = new Set([...names.slice(0, names.indexOf('label')), ...KEPT_BY_LEARNED]);
  const own: Readonly<Record<string, CsvCell>> = {
    rater_id: 'model+learned',
    label,
    score: score?.value,
    score_low: score?.low,
    score_high: score?.high,
    ...Object.fromEntries(EMOTIONS.map((emotion, index) => [`p_${emotion}`, probabilities[index]])),
    confidence,
    readout: 'learned',
  };
  return names.map((name, index) => (name in own ? own[name] : kept.has(name) ? row[index] : undefined));
}

/** Columns of a learned row that say what the model's row says: the segment, its input, the program. */
const KEPT_BY_LEARNED = [
  ...MODALITIES.map((modality) => `${modality}_quality`),
  ...['transcript', 'segment_origin', 'source_sha256_12', 'model_name', 'model_version', 'model_sha256_12', 'seed'],
  ...['app_version', 'speaker', 'start_frame', 'end_frame', 'source_file', 'participant_id', 'session_id'],
  ...['conditions', 'flagged', 'segment_note'],
] as const;

/** First picture shown at a time or after it; a thousandth of a picture is rounding of the rate, not a picture. */
function frameFrom(time: number, framesPerSecond: number | undefined): CsvCell {
  if (framesPerSecond === undefined) return undefined;
  return Math.max(0, Math.ceil((time / MICROSECONDS_PER_SECOND) * framesPerSecond - 0.001));
}

function* segmentRows(input: ReportInput): Generator<Row> {
  const results = new Map(input.analysis.results.map((result) => [result.segmentId, result]));
  const rows = personRows(input.labels, input.reviews ?? []);
  for (const segment of orderByStart(input.analysis.segments)) {
    const people = rows.get(segment.id) ?? [];
    const context: SegmentContext = { input, segment, result: results.get(segment.id), people };
    yield segmentRow(context, undefined);
    if (context.result?.learned) yield learnedRow(context, context.result.learned);
    for (const person of people) yield segmentRow(context, person);
  }
}

function* recoveryRows(input: ReportInput): Generator<Row> {
  const results = new Map(input.analysis.results.map((result) => [result.segmentId, result]));
  for (const segment of orderByStart(input.analysis.segments)) {
    const result = results.get(segment.id);
    if (!result) continue;
    for (const modality of MODALITIES) {
      const use = result.use[modality];
      const isRecovered = use.state === 'recovered';
      const estimate = isRecovered ? result.estimate : undefined;
      const without = result.estimate?.ablations?.[modality];
      yield [
        input.recordingId,
        segment.id,
        modality,
        use.state,
        use.reason,
        use.usableFraction,
        isRecovered ? 1 : 0,
        use.quality,
        use.samples,
        use.spread,
        estimate?.score.value,
        estimate?.scoreWithoutRecovery,
        estimate?.scoreSpread,
        ...ablationCells(estimate?.ablations?.recovery).slice(1),
        ...ablationCells(without),
        without?.from,
      ];
    }
  }
}

function* decodedRows(input: ReportInput): Generator<Row> {
  const results = new Map(input.analysis.results.map((result) => [result.segmentId, result]));
  for (const segment of orderByStart(input.analysis.segments)) {
    const decoded = results.get(segment.id)?.estimate?.decoded;
    for (const modality of MODALITIES) {
      for (const item of decoded?.[modality] ?? []) {
        yield [input.recordingId, segment.id, modality, item.name, item.unit, item.mean, item.low, item.high];
      }
    }
  }
}

function markRow(recordingId: string, mark: CorruptionMark): Row {
  return [
    recordingId,
    mark.id,
    mark.modality,
    ...times(mark.range),
    mark.kind,
    mark.severity,
    mark.source,
    mark.detector,
    mark.confidence,
    mark.review,
    orMissing(mark.note),
    orMissing(mark.ownKind),
    mark.raterId,
    mark.reviewedBy,
  ];
}

/** Labels whose segment is gone have no row in segments.csv; the report says so instead of dropping them silently. */
function orphanedLabels(input: ReportInput): Problem[] {
  const known = new Set(input.analysis.segments.map((segment) => segment.id));
  return input.labels
    .filter((label) => !known.has(label.segmentId))
    .map((label) => ({
      code: 'report.label_without_segment',
      severity: 'warning',
      message: `Rater ${label.raterId} labelled segment ${label.segmentId} as ${label.label}, but the analysis has no such segment.`,
      tip: 'Run the analysis again with the segments as they are now.',
    }));
}

/** The problems of a report, each once: one row of problems.csv each. */
export function reportProblems(input: ReportInput): Problem[] {
  return distinctProblems([...input.problems, ...input.analysis.problems, ...orphanedLabels(input)]);
}

function problemRow(recordingId: string, { code, severity, modality, range, message, tip }: Problem): Row {
  return [recordingId, code, severity, modality, ...(range ? times(range) : NO_TIMES), message, tip];
}

/** Rows of events.tsv, in order of onset: those segments that an estimate or a person says something about. */
function* eventRows(input: ReportInput): Generator<Row> {
  const names = REPORT_COLUMNS['segments.csv'].map(({ name }) => name);
  const at = (name: string): number => names.indexOf(name);
  const copied = REPORT_COLUMNS['events.tsv'].slice(3).map(({ name }) => at(name));
  const [start, duration, label] = [at('start_s'), at('duration_s'), at('label')];
  // what was skipped in the review is no event
  for (const row of segmentRows({ ...input, reviews: [] })) {
    yield [row[start], row[duration], row[label], ...copied.map((index) => row[index])];
  }
}

function isWanted(fileName: ReportFileName, input: ReportInput, { wide, agreement }: ReportOptions): boolean {
  if (fileName === 'segments_wide.csv') return wide;
  const coding = codingOf(input);
  if (fileName === 'annotations.csv') return coding.tiers !== undefined;
  if (fileName === 'traces.csv') return coding.traces !== undefined;
  return agreement || (fileName !== 'agreement.csv' && fileName !== 'agreement_matrix.csv');
}

/**
 * The tables of a report, in the order in which they are to be written. The same input gives the same rows in the
 * same order; missing values are undefined and become `NA` (`n/a` in events.tsv).
 */
export function buildReport(input: ReportInput, options: ReportOptions = DEFAULT_REPORT_OPTIONS): ReportTable[] {
  let known: Agreement | undefined;
  const { recordingId, labels, analysis } = input;
  const work = { recordingId, labels, ...analysis, ...codingOf(input) };
  // once for both tables, and only when one is read
  const agreement = () => (known ??= agreementOfWork(work));
  const makers: Readonly<Record<ReportFileName, () => Iterable<Row>>> = {
    'segments.csv': () => segmentRows(input),
    'segments_wide.csv': () => wideRows(input),
    'timeline.csv': () => timelineRows(input),
    'recovery.csv': () => recoveryRows(input),
    'recovery_decoded.csv': () => decodedRows(input),
    'frames_excluded.csv': () => excludedRows(input),
    'marks.csv': () => orderByStart(input.analysis.marks).map((mark) => markRow(input.recordingId, mark)),
    'annotations.csv': () => annotationRows(recordingId, input),
    'traces.csv': () => traceRows(recordingId, input.traces ?? []),
    'agreement.csv': () => agreementRows(agreement(), [recordingId]),
    'agreement_matrix.csv': () => agreementMatrixRows(agreement(), [recordingId]),
    'problems.csv': () => reportProblems(input).map((problem) => problemRow(input.recordingId, problem)),
    'events.tsv': () => eventRows(input),
    'codebook.csv': () => codebookRows(tables),
  };
  const columnsOf = (fileName: ReportFileName): readonly ReportColumn[] =>
    fileName === 'segments_wide.csv' ? wideColumns(raterIds(input).length) : REPORT_COLUMNS[fileName];
  const tables = (Object.keys(REPORT_COLUMNS) as ReportFileName[])
    .filter((fileName) => isWanted(fileName, input, options))
    .map((fileName) => ({ fileName, columns: columnsOf(fileName), rows: makers[fileName] }));
  return tables;
}
