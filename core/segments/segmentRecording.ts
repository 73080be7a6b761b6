import type { Problem } from '../problems/problem.js';
import { formatHms } from '../time/format.js';
import { durationOf, clampRange, subtractRanges, unionRanges } from '../time/ranges.js';
import { fromSeconds, microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';
import { hasWords } from '../transcript/cueText.js';
import type { Segment, SegmentOrigin, TranscriptCue } from './segment.js';

/** Length of a window where neither a transcript nor speech says where an utterance begins. */
const WINDOW = fromSeconds(4);
/** Stretches of speech longer than this are cut. */
const LONGEST_SPEECH = fromSeconds(15);
/** Longest piece of a stretch that was cut. */
const LONGEST_PIECE = fromSeconds(10);
/** Stretches of speech shorter than this join a neighbour. */
const SHORTEST_SPEECH = fromSeconds(0.5);
/** A short stretch joins a neighbour no further away than this; across a longer pause it stays an own segment. */
const JOIN_GAP = fromSeconds(1);
/** Speech outside every cue makes a segment of its own from this length on; shorter rests are imprecise cue edges. */
const SHORTEST_UNCUED = fromSeconds(1);

export interface SegmentationInput {
  readonly duration: Microseconds;
  readonly cues: readonly TranscriptCue[];
  /** Voice activity, in order. */
  readonly speech: readonly TimeRange[];
  readonly hasAudio: boolean;
}

export interface Segmentation {
  readonly segments: Segment[];
  readonly problems: Problem[];
}

type Draft = Omit<Segment, 'id'>;

function makeSegment(range: TimeRange, origin: SegmentOrigin, text?: string, speaker?: string): Draft {
  const who = speaker === undefined ? {} : { speaker };
  return text !== undefined && hasWords(text) ? { range, origin, text, ...who } : { range, origin, ...who };
}

function fromCues(cues: readonly TranscriptCue[], bounds: TimeRange, problems: Problem[]): Draft[] {
  const drafts: Draft[] = [];
  for (const cue of cues) {
    const range = clampRange(cue.range, bounds);
    const times = `${formatHms(cue.range.start)} to ${formatHms(cue.range.end)}`;
    const tip = 'Check that the transcript belongs to this recording and has no offset.';
    const end = `the recording ends at ${formatHms(bounds.end)}`;
    if (!range) {
      const message = `The cue from ${times} lies outside the recording; ${end}, so the cue was left out.`;
      problems.push({ code: 'segments.cue_outside', severity: 'warning', message, tip, modality: 'text' });
      continue;
    }
    if (range.start !== cue.range.start || range.end !== cue.range.end) {
      const message = `The cue from ${times} reaches outside the recording; ${end}, so the cue was cut there.`;
      problems.push({ code: 'segments.cue_clamped', severity: 'warning', message, tip, modality: 'text', range });
    }
    drafts.push(makeSegment(range, 'cue', cue.text, cue.speaker));
  }
  return drafts;
}

/** Joins short stretches to the nearer neighbour, when one is near enough. */
function joinShort(stretches: readonly TimeRange[]): TimeRange[] {
  const joined = [...stretches];
  for (let index = 0; index < joined.length; index += 1) {
    const current = joined[index];
    if (!current || durationOf(current) >= SHORTEST_SPEECH) continue;
    const previous = joined[index - 1];
    const next = joined[index + 1];
    const gapBefore = previous ? current.start - previous.end : Infinity;
    const gapAfter = next ? next.start - current.end : Infinity;
    if (Math.min(gapBefore, gapAfter) > JOIN_GAP) continue;
    if (previous && gapBefore <= gapAfter) {
      joined.splice(index - 1, 2, { start: previous.start, end: current.end });
    } else if (next) {
      joined.splice(index, 2, { start: current.start, end: next.end });
    }
    index -= 1;
  }
  return joined;
}

/** Cuts a range into equal parts no longer than `longest`; boundaries are whole microseconds. */
function cutEvenly(range: TimeRange, longest: Microseconds): TimeRange[] {
  const length = durationOf(range);
  const parts = Math.ceil(length / longest);
  const boundary = (part: number) => microseconds(range.start + Math.round((length * part) / parts));
  return Array.from({ length: parts }, (_, part) => ({ start: boundary(part), end: boundary(part + 1) }));
}

function fromSpeech(speech: readonly TimeRange[], bounds: TimeRange): Draft[] {
  const inside = unionRanges(speech.flatMap((range) => clampRange(range, bounds) ?? []));
  return joinShort(inside)
    .flatMap((range) => (durationOf(range) > LONGEST_SPEECH ? cutEvenly(range, LONGEST_PIECE) : [range]))
    .map((range) => makeSegment(range, 'speech'));
}

/** Windows of 4 s; a rest shorter than half a second joins the last window. */
function fixedWindows(bounds: TimeRange): Draft[] {
  const drafts: Draft[] = [];
  let start: Microseconds = bounds.start;
  while (start < bounds.end) {
    const end = bounds.end - start < WINDOW + SHORTEST_SPEECH ? bounds.end : microseconds(start + WINDOW);
    drafts.push(makeSegment({ start, end }, 'window'));
    start = end;
  }
  return drafts;
}

function how(code: string, message: string): Problem {
  return { code, severity: 'note', message, tip: 'Load a transcript with times, or edit the segments.' };
}

/** Speech that no cue covers: a hole in the transcript must not hide that somebody spoke. */
function uncuedSpeech(cued: readonly Draft[], speech: readonly TimeRange[], bounds: TimeRange): Draft[] {
  const cues = unionRanges(cued.map((draft) => draft.range));
  const outside = speech.flatMap((range) => subtractRanges([range], cues));
  return fromSpeech(
    outside.filter((range) => durationOf(range) >= SHORTEST_UNCUED),
    bounds,
  );
}

function chooseDrafts(input: SegmentationInput, bounds: TimeRange, problems: Problem[]): Draft[] {
  const cued = fromCues(input.cues, bounds, problems);
  if (cued.length > 0) {
    const uncued = uncuedSpeech(cued, input.speech, bounds);
    if (uncued.length > 0) {
      problems.push({
        code: 'segments.uncued_speech',
        severity: 'note',
        message: `The transcript leaves out ${uncued.length} ${uncued.length === 1 ? 'stretch' : 'stretches'} of speech; each became a segment without text.`,
        tip: 'Add the missing cues, or leave the text of these segments missing.',
        modality: 'text',
      });
    }
    return [...cued, ...uncued];
  }
  const spoken = fromSpeech(input.speech, bounds);
  if (spoken.length > 0) {
    problems.push(how('segments.from_speech', 'There is no usable transcript; segments follow the voice activity.'));
    return spoken;
  }
  const why = input.hasAudio ? 'no speech was found in the sound' : 'there is no sound';
  problems.push(how('segments.from_windows', `There is no usable transcript and ${why}; segments are windows of 4 s.`));
  return fixedWindows(bounds);
}

/**
 * Cuts a recording into segments: one per cue, and one without text per second or more of speech that no cue covers; else one per stretch of speech (longer than 15 s: equal parts of at
 * most 10 s; shorter than 0.5 s: joined to a neighbour within 1 s), else windows of 4 s.
 *
 * Ids are `s0001`, `s0002`, … in order of start. A cue without words gives a segment without text, never with ''.
 */
export function segmentRecording(input: SegmentationInput): Segmentation {
  const problems: Problem[] = [];
  if (input.duration <= 0) {
    problems.push({
      code: 'segments.no_duration',
      severity: 'error',
      message: 'The recording has no duration, so there is nothing to cut into segments.',
      tip: 'Check that the file is complete.',
    });
    return { segments: [], problems };
  }
  const bounds: TimeRange = { start: microseconds(0), end: input.duration };
  const segments = chooseDrafts(input, bounds, problems)
    .sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end)
    .map((draft, index): Segment => ({ id: `s${String(index + 1).padStart(4, '0')}`, ...draft }));
  return { segments, problems };
}
