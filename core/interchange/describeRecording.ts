import type { RaterLabel } from '../labels/label.js';
import type { CorruptionMark } from '../marks/mark.js';
import { MODALITIES, type Modality } from '../recording/modality.js';
import type { SegmentResult } from '../recovery/estimate.js';
import type { Segment, TranscriptCue } from '../segments/segment.js';
import type { Microseconds } from '../time/microseconds.js';
import { orderByStart } from '../time/orderByStart.js';
import { overlap } from '../time/ranges.js';
import type { AnnotationSet, Tier, TierItem, Vocabulary } from './annotationSet.js';
import { ownKindsOf } from '../marks/editMarks.js';
import type { TimeRange } from '../time/microseconds.js';
import { markText } from './markText.js';
import { FLAG_TEXT } from './plan/remarks.js';
import { EMOTION_SCHEME, type Scheme } from '../tiers/scheme.js';
import { type AnnotationTier, schemeOf, type TierAnnotation } from '../tiers/tier.js';
import { sortItems, type TierHead } from './reading.js';
import { MODEL_OWNER, ownerOfTier, tierName } from './tierNames.js';
import { EMOTION_VOCABULARY, MARK_VOCABULARY, markVocabulary, STATE_VOCABULARY } from './vocabularies.js';

/** The work on one recording. Holds no path: the media's name is the file's without its folder. */
export interface RecordingDescription {
  readonly duration: Microseconds;
  readonly mediaName?: string;
  readonly segments: readonly Segment[];
  readonly cues: readonly TranscriptCue[];
  readonly labels: readonly RaterLabel[];
  readonly marks: readonly CorruptionMark[];
  readonly tiers?: readonly AnnotationTier[];
  readonly annotations?: readonly TierAnnotation[];
  readonly schemes?: readonly Scheme[];
  /** Results of the latest analysis of these segments, where there is one. */
  readonly results?: readonly SegmentResult[];
}

const SEGMENT_TIER = tierName('segment');

/** Digits that say all there is to say of a score or a probability. */
const shortNumber = (value: number): string => String(Number(value.toFixed(4)));

/** Tiers in the making, by name, in the order in which they are first met. */
class Tiers {
  readonly #tiers = new Map<string, { readonly head: TierHead; readonly items: TierItem[] }>();

  add(head: TierHead, item: TierItem): void {
    if (item.value.trim() === '') return;
    const tier = this.#tiers.get(head.name);
    if (tier) tier.items.push(item);
    else this.#tiers.set(head.name, { head, items: [item] });
  }

  all(): Tier[] {
    return [...this.#tiers.values()].map(({ head, items }) => ({ ...head, items: sortItems(items) }));
  }
}

/** Who says a segment's words: the speaker of the cue that shares most time with it. Both in order of start. */
function speakersOf(segments: readonly Segment[], cues: readonly TranscriptCue[]): Map<string, string> {
  const spoken = cues.filter((cue) => cue.speaker !== undefined).sort((a, b) => a.range.start - b.range.start);
  const longest = spoken.reduce((most, { range }) => Math.max(most, range.end - range.start), 0);
  const speakers = new Map<string, string>();
  let first = 0;
  for (const segment of segments) {
    while (first < spoken.length && (spoken[first]?.range.start ?? 0) + longest <= segment.range.start) first += 1;
    let best = 0;
    for (let index = first; index < spoken.length; index += 1) {
      const cue = spoken[index];
      if (!cue || cue.range.start >= segment.range.end) break;
      const shared = overlap(cue.range, segment.range);
      if (shared <= best || cue.speaker === undefined) continue;
      best = shared;
      speakers.set(segment.id, cue.speaker);
    }
  }
  return speakers;
}

function transcriptHead(speaker: string | undefined, parent: string | undefined): TierHead {
  return {
    name: tierName('transcript', speaker),
    kind: 'transcript',
    ...(speaker === undefined ? {} : { owner: speaker }),
    ...(parent === undefined ? {} : { parent }),
  };
}

function addSegments(tiers: Tiers, { cues }: RecordingDescription, segments: readonly Segment[]): void {
  const speakers = speakersOf(segments, cues);
  for (const { id, range } of segments) tiers.add({ name: SEGMENT_TIER, kind: 'segment' }, { range, value: id });
  for (const { id, range, text } of segments) {
    tiers.add(transcriptHead(speakers.get(id), SEGMENT_TIER), { range, value: text ?? '' });
  }
  for (const { range, note, flagged } of segments) {
    addRemarks(tiers, { prefix: 'segment', parent: SEGMENT_TIER }, { range, note, flagged });
  }
  if (segments.length > 0) return;
  for (const { range, text, speaker } of cues) tiers.add(transcriptHead(speaker, undefined), { range, value: text });
}

/** A label with what hangs on it; the same shape for the model and for people. */
interface Judgement {
  readonly owner: string;
  readonly label: string;
  readonly score: number | undefined;
  readonly confidence: number | undefined;
  readonly note: string | undefined;
}

function addJudgement(tiers: Tiers, { range }: Segment, { owner, ...judgement }: Judgement): void {
  const name = tierName('label', owner);
  const label = { name, kind: 'label', owner, parent: SEGMENT_TIER, vocabulary: EMOTION_VOCABULARY.name } as const;
  tiers.add(label, { range, value: judgement.label });
  const number = (value: number | undefined) => (value === undefined ? '' : shortNumber(value));
  const details = [
    ['confidence', number(judgement.confidence)],
    ['score', number(judgement.score)],
    ['note', judgement.note ?? ''],
  ] as const;
  for (const [kind, value] of details) {
    tiers.add({ name: tierName(kind, owner), kind, owner, parent: name }, { range, value });
  }
}

function addResult(tiers: Tiers, segment: Segment, { use, estimate }: SegmentResult): void {
  if (estimate) {
    const { label, confidence, score } = estimate;
    addJudgement(tiers, segment, { owner: MODEL_OWNER, label, score: score.value, confidence, note: undefined });
  }
  for (const modality of MODALITIES) {
    const head = {
      name: tierName('state', modality),
      kind: 'state',
      owner: modality,
      parent: SEGMENT_TIER,
      vocabulary: STATE_VOCABULARY.name,
    } as const;
    tiers.add(head, { range: segment.range, value: use[modality].state });
  }
}

/** Note and flag of a segment or annotation, each on a tier of its own below it. */
function addRemarks(
  tiers: Tiers,
  about: { readonly prefix: 'segment' | 'tier'; readonly owner?: string; readonly parent: string },
  { range, note = '', flagged }: { range: TimeRange; note: string | undefined; flagged: true | undefined },
): void {
  const { prefix, parent, ...owned } = about;
  for (const [kind, value] of [
    [`${prefix}-note`, note],
    [`${prefix}-flag`, flagged === true ? FLAG_TEXT : ''],
  ] as const) {
    tiers.add({ name: tierName(kind, owned.owner), kind, ...owned, parent }, { range, value });
  }
}

function addMark(tiers: Tiers, mark: CorruptionMark): void {
  const { modality, range, review, note } = mark;
  if (review === 'rejected') return;
  const tierKind = review === 'proposed' ? 'proposal' : 'mark';
  const name = tierName(tierKind, modality);
  const head = { name, kind: tierKind, owner: modality, vocabulary: MARK_VOCABULARY.name } as const;
  tiers.add(head, { range, value: markText(mark) });
  // What a detector found is in the report; only remarks of people travel.
  if (tierKind === 'proposal') return;
  const remark: TierHead = { name: tierName('note', modality), kind: 'note', owner: modality, parent: name };
  tiers.add(remark, { range, value: note });
}

/** Tiers of people, one per rater, with notes and flags; stretches without a value yet are left out. */
function addTiers(tiers: Tiers, work: RecordingDescription): void {
  for (const tier of work.tiers ?? []) {
    const scheme = schemeOf(work, tier);
    const vocabulary = scheme && (scheme.id === EMOTION_SCHEME.id ? EMOTION_VOCABULARY.name : scheme.name);
    for (const { tierId, range, value, raterId, note, flagged } of work.annotations ?? []) {
      if (tierId !== tier.id || value === undefined) continue;
      const owner = ownerOfTier(tier.name, raterId);
      const head = { name: tierName('tier', owner), kind: 'tier', owner } as const;
      tiers.add(vocabulary === undefined ? head : { ...head, vocabulary }, { range, value });
      addRemarks(tiers, { prefix: 'tier', owner, parent: head.name }, { range, note, flagged });
    }
  }
}

function vocabulariesOf({ schemes = [], marks }: RecordingDescription): readonly Vocabulary[] {
  const own = schemes.map(({ name, values }): Vocabulary => ({
    name,
    description: '',
    entries: values.map(({ value, description = '' }) => ({ value, description })),
  }));
  return [EMOTION_VOCABULARY, STATE_VOCABULARY, markVocabulary(ownKindsOf({ marks })), ...own];
}

/**
 * The work on a recording as tiers: segments with their words, labels with scores and notes of each rater, the model's
 * labels with confidence, the state of each modality, confirmed marks and open proposals, and the tiers of people, with
 * notes and flags. Rejected proposals and empty tiers are left out.
 */
export function describeRecording(work: RecordingDescription): AnnotationSet {
  const tiers = new Tiers();
  const segments = orderByStart(work.segments);
  addSegments(tiers, work, segments);
  const results = new Map(work.results?.map((result) => [result.segmentId, result]));
  const labels = new Map<string, RaterLabel[]>();
  for (const label of work.labels) {
    const list = labels.get(label.segmentId);
    if (list) list.push(label);
    else labels.set(label.segmentId, [label]);
  }
  for (const segment of segments) {
    const result = results.get(segment.id);
    if (result) addResult(tiers, segment, result);
    for (const { raterId, label, score, note } of labels.get(segment.id) ?? []) {
      addJudgement(tiers, segment, { owner: raterId, label, score, confidence: undefined, note });
    }
  }
  const marks = orderByStart(work.marks);
  for (const modality of MODALITIES as readonly Modality[]) {
    for (const mark of marks) if (mark.modality === modality) addMark(tiers, mark);
  }
  addTiers(tiers, work);
  return {
    duration: work.duration,
    ...(work.mediaName === undefined ? {} : { mediaName: work.mediaName }),
    tiers: tiers.all(),
    vocabularies: vocabulariesOf(work),
  };
}
