import type { AnnotationDocument } from '../../document/annotationDocument.js';
import type { Segment, TranscriptCue } from '../../segments/segment.js';
import { segmentRecording } from '../../segments/segmentRecording.js';
import { orderByStart } from '../../time/orderByStart.js';
import { overlap } from '../../time/ranges.js';
import { hasWords } from '../../transcript/cueText.js';
import type { AnnotationSet } from '../annotationSet.js';
import type { ImportChoices } from '../importChoices.js';
import { joinWords } from '../joinWords.js';
import type { ReadingReport } from '../reading.js';
import { insideItems, itemsOf, oneLine, tellItem, tiersAs, type ChosenItem } from './chosenItems.js';
import { matchSegments } from './matchSegments.js';

const SEGMENT_ID = /^[A-Za-z0-9._-]{1,80}$/;
const MAX_SPEAKER = 200;

/** Segments and transcript after an import; the same objects as before where the file says nothing about them. */
export interface PlannedSegments {
  readonly segments: readonly Segment[];
  readonly cues: readonly TranscriptCue[];
  readonly replacesSegments: boolean;
}

/** Speaker of an item of a speaker tier that shares most time with it. */
function speakerAt(cue: ChosenItem, speakers: readonly ChosenItem[]): string | undefined {
  let best = 0;
  let name: string | undefined;
  for (const { range, value } of speakers) {
    const shared = overlap(range, cue.range);
    if (shared > best) [best, name] = [shared, value];
  }
  return name;
}

function planCues(set: AnnotationSet, choices: ImportChoices, document: AnnotationDocument, report: ReadingReport) {
  const tiers = tiersAs(set, choices, 'transcript').map(({ tier }) =>
    tier.kind === 'word' ? { ...tier, items: joinWords(tier.items) } : tier,
  );
  const speakers = itemsOf(tiersAs(set, choices, 'speakers').map(({ tier }) => tier));
  return insideItems(itemsOf(tiers), document.duration, report).map((item) => {
    const speaker = (item.tier.owner ?? speakerAt(item, speakers))?.slice(0, MAX_SPEAKER);
    const cue: TranscriptCue = {
      range: item.range,
      text: oneLine(item.value),
      ...(speaker === undefined ? {} : { speaker }),
    };
    return { item, cue };
  });
}

/** Segments as the file has them: their own ids where they are usable and unique, else new ones. */
function ownSegments(items: readonly ChosenItem[], words: readonly ChosenItem[], report: ReadingReport): Segment[] {
  const ids = new Set<string>();
  const bare = items.map((item, index): Segment => {
    const given = item.value.trim();
    let id = SEGMENT_ID.test(given) && !ids.has(given) ? given : `s${String(index + 1).padStart(4, '0')}`;
    for (let number = items.length + 1; ids.has(id); number += 1) id = `s${String(number).padStart(4, '0')}`;
    if (id !== given) {
      const why = ids.has(given) ? 'exists twice' : 'cannot be an id';
      tellItem(
        report,
        item,
        'note',
        'segment_id',
        `"${given.slice(0, 40)}" ${why}; the segment is ${id} here.`,
        'Nothing to do.',
      );
    }
    ids.add(id);
    return { id, range: item.range, origin: 'human' };
  });
  const segments = orderByStart(bare);
  const { bySegment, unused } = matchSegments(segments, words);
  for (const item of unused) {
    const what = 'it covers half of no segment, so its words belong to none; it stays in the transcript only.';
    tellItem(
      report,
      item,
      'warning',
      'no_segment',
      what,
      'Leave the segment tier out to cut segments from the transcript.',
    );
  }
  return segments.map((segment) => {
    const text = bySegment.get(segment)?.value;
    return text !== undefined && hasWords(text) ? { ...segment, origin: 'cue', text: oneLine(text) } : segment;
  });
}

/**
 * Segments and transcript of an import. A tier of segments brings them as they are; a transcript alone is cut as on
 * opening; labels alone make segments only where there are none.
 */
export function planSegments(
  set: AnnotationSet,
  choices: ImportChoices,
  document: AnnotationDocument,
  report: ReadingReport,
): PlannedSegments {
  const planned = planCues(set, choices, document, report);
  const cues = planned.length > 0 ? planned.map(({ cue }) => cue) : document.cues;
  const segmentTiers = tiersAs(set, choices, 'segments').map(({ tier }) => tier);
  const own = insideItems(itemsOf(segmentTiers), document.duration, report);
  if (own.length > 0) {
    const words = planned.map(({ item }) => item);
    return { segments: ownSegments(own, words, report), cues, replacesSegments: true };
  }
  if (planned.length > 0) {
    // Speech that was found without words stays a segment, also under the new transcript.
    const speech = document.segments.filter(({ origin }) => origin === 'speech').map(({ range }) => range);
    const { segments, problems } = segmentRecording({ duration: document.duration, cues, speech, hasAudio: true });
    for (const problem of problems) report.file(problem);
    return { segments, cues, replacesSegments: true };
  }
  const labelled = tiersAs(set, choices, 'labels')[0];
  if (document.segments.length > 0 || !labelled) return { segments: document.segments, cues, replacesSegments: false };
  report.file({
    code: 'import.segments_from_labels',
    severity: 'note',
    message: `The recording has no segments yet; they were taken from tier ${labelled.tier.name}.`,
    tip: 'Correct their times in the segment table.',
  });
  const numbered = insideItems(itemsOf([labelled.tier]), document.duration, report).map(({ range }, index): Segment => {
    return { id: `s${String(index + 1).padStart(4, '0')}`, range, origin: 'human' };
  });
  return { segments: numbered, cues, replacesSegments: true };
}
