import { ProblemError } from '../problems/problem.js';
import { microseconds, type TimeRange } from '../time/microseconds.js';
import type { AgreementUnit } from './agreementUnit.js';
import type { RaterTrack, Rating, StateStretch } from './rating.js';
import type { UnitContext } from './segmentUnits.js';

/** Most units of one recording: a day of 1 ms units. */
const MAX_UNITS = 86_400_000;
const NONE = -1;

/** What each rater's track says in every unit of one recording: index of the rating that holds the unit's middle. */
interface Grid {
  readonly recordingId: string;
  readonly first: number;
  readonly length: number;
  readonly ratings: readonly (readonly Rating[])[];
  readonly cells: readonly Int32Array[];
}

function gridOf(tracks: readonly RaterTrack[], recordingId: string, unit: number): Grid {
  const ratings = tracks.map((track) =>
    track.ratings
      .filter((rating) => rating.recordingId === recordingId)
      .sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end),
  );
  let start = Infinity;
  let end = -Infinity;
  for (const { range } of ratings.flat()) {
    start = Math.min(start, range.start);
    end = Math.max(end, range.end);
  }
  const first = Math.floor(start / unit);
  const length = Math.max(0, Math.ceil(end / unit) - first);
  if (length > MAX_UNITS) throw tooManyUnits(recordingId, length);
  const cells = ratings.map((list) => {
    const row = new Int32Array(length).fill(NONE);
    // later starts overwrite
    for (const [index, { range }] of list.entries()) fillUnits(row, range, index, first, unit);
    return row;
  });
  return { recordingId, first, length, ratings, cells };
}

function tooManyUnits(recordingId: string, length: number): ProblemError {
  return new ProblemError({
    code: 'agreement.too_many_units',
    severity: 'error',
    message: `The ratings of ${recordingId} span ${length} time units; at most ${MAX_UNITS} are taken.`,
    tip: 'Check the times of the ratings (are milliseconds read as seconds?), or choose a longer unit.',
  });
}

/** Index of the stretch that holds each unit's middle; `NONE` where none does. */
function stretchRow(grid: Grid, stretches: readonly StateStretch[], unit: number): Int32Array {
  const row = new Int32Array(grid.length).fill(NONE);
  for (const [index, { range }] of stretches.entries()) fillUnits(row, range, index, grid.first, unit);
  return row;
}

/** Writes a value into all units whose middle lies in the range; the middle of unit k lies at (k + 1/2) units. */
function fillUnits(row: Int32Array, { start, end }: TimeRange, value: number, first: number, unit: number): void {
  const from = Math.max(0, Math.ceil(start / unit - 0.5) - first);
  row.fill(value, from, Math.max(from, Math.ceil(end / unit - 0.5) - first));
}

/** Whether a label occurs in a row within `reach` units of a place. */
function occursNear(
  labels: readonly (string | undefined)[],
  row: Int32Array,
  label: string,
  at: number,
  reach: number,
) {
  for (let index = Math.max(0, at - reach); index <= Math.min(row.length - 1, at + reach); index += 1) {
    const rating = row[index]!;
    if (rating !== NONE && labels[rating] === label) return true;
  }
  return false;
}

/** Units of two raters whose labels differ but are found in the other's track within the tolerance, both ways. */
function toleratedRow(grid: Grid, reach: number): Uint8Array | undefined {
  const [left, right] = grid.cells;
  if (reach < 1 || !left || !right || grid.cells.length !== 2) return undefined;
  const [a, b] = grid.ratings.map((list) => list.map((rating) => rating.label)) as [
    (string | undefined)[],
    (string | undefined)[],
  ];
  return Uint8Array.from(left, (cell, index) => {
    const other = right[index]!;
    const mine = cell === NONE ? undefined : a[cell];
    const theirs = other === NONE ? undefined : b[other];
    if (mine === undefined || theirs === undefined || mine === theirs) return 0;
    return occursNear(b, right, mine, index, reach) && occursNear(a, left, theirs, index, reach) ? 1 : 0;
  });
}

/** Makes one unit of each run of equal time units that at least one rater rated. */
function* runsOf(grid: Grid, context: UnitContext, firstCluster: number): Generator<AgreementUnit> {
  const { labels, states, options, block } = context;
  const { unit } = options;
  const stretches = states.of(grid.recordingId);
  const stretchAt = stretchRow(grid, stretches, unit);
  const tolerated = toleratedRow(grid, Math.floor(options.tolerance / unit));
  const clusterStart: number[] = [];
  let next = firstCluster;
  for (const list of grid.ratings) {
    clusterStart.push(next);
    next += list.length;
  }
  const blockOf = (at: number) => (block === undefined ? 0 : Math.floor((at * unit) / block));
  const same = (x: number, y: number) =>
    blockOf(x) === blockOf(y) &&
    grid.cells.every((row) => row[x] === row[y]) &&
    stretchAt[x] === stretchAt[y] &&
    tolerated?.[x] === tolerated?.[y];
  for (let from = 0; from < grid.length;) {
    let to = from + 1;
    while (to < grid.length && same(from, to)) to += 1;
    const ratings = grid.cells.map((row, rater) => grid.ratings[rater]![row[from]!]);
    const owner = ratings.findIndex((rating) => rating !== undefined);
    if (owner >= 0) {
      const stretch = stretches[stretchAt[from]!];
      yield {
        recordingId: grid.recordingId,
        range: {
          start: microseconds(Math.round((grid.first + from) * unit)),
          end: microseconds(Math.round((grid.first + to) * unit)),
        },
        weight: to - from,
        cluster: block === undefined ? clusterStart[owner]! + grid.cells[owner]![from]! : firstCluster + blockOf(from),
        labels: ratings.map((rating) => (rating?.label === undefined ? undefined : labels.get(rating.label))),
        scores: ratings.map((rating) => rating?.score),
        ...(stretch ? { states: stretch.states } : {}),
        ...(tolerated?.[from] === 1 ? { tolerated: true } : {}),
      };
    }
    from = to;
  }
}

/**
 * What the raters say in every time unit, as runs of equal units. A unit belongs to the rating that holds its middle;
 * of overlapping ones of one rater to the one that started last. Units of one annotation of the first rater who has one
 * there form a cluster, because they are not independent of each other; with `block`, units of a stretch of that length.
 * @throws ProblemError `agreement.too_many_units` when the times cannot be those of a recording.
 */
export function* timeUnits(tracks: readonly RaterTrack[], context: UnitContext): Generator<AgreementUnit> {
  const recordings = new Set(tracks.flatMap((track) => track.ratings.map((rating) => rating.recordingId)));
  let cluster = 0;
  for (const recordingId of [...recordings].sort()) {
    const grid = gridOf(tracks, recordingId, context.options.unit);
    yield* runsOf(grid, context, cluster);
    if (context.block === undefined) for (const list of grid.ratings) cluster += list.length;
    else cluster += Math.ceil((grid.length * context.options.unit) / context.block) + 1;
  }
}
