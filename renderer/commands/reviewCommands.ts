import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import { acceptSegment, correctSegment, reopenSegment, skipSegment } from '../../core/review/editReview.js';
import type { QueueItem } from '../../core/review/reviewQueue.js';
import { type Emotion, EMOTIONS } from '../../core/recording/emotion.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { commandGroup, type CommandRow } from './command.js';

type Decide = (document: AnnotationDocument, item: QueueItem) => AnnotationDocument;

/** Decides about the selected segment and goes on to the next open one. */
function decide(workbench: Workbench, title: string, edit: Decide): void {
  const { editor, review, view } = workbench;
  const item = review.current;
  if (!editor.document || !item) return;
  const next = review.next();
  editor.apply(`Review: ${title}`, edit(editor.document, item));
  review.select(next);
  const { done, due } = review.counts;
  view.say(`Segment ${workbench.segmentNumber.get(item.segment.id) ?? ''}: ${title}. ${done} of ${due}.`);
}

/** Why the model's label cannot be taken; empty when it can. */
export function acceptHindrance({ review, view }: Workbench): string {
  if (!review.current) return 'No segment is selected.';
  if (view.blind) return 'Blind mode hides the model’s label. Choose one yourself.';
  return review.current.result.estimate ? '' : 'The model gave no estimate here. Choose a label yourself.';
}

function accept(workbench: Workbench): void {
  const why = acceptHindrance(workbench);
  const label = workbench.review.current?.result.estimate?.label;
  if (why !== '' || label === undefined) workbench.view.say(why);
  else
    decide(workbench, `accepted, ${label}`, (document, item) =>
      acceptSegment(document, workbench.review.moment(item, new Date())),
    );
}

function correct(workbench: Workbench, label: Emotion): void {
  decide(workbench, label, (document, item) =>
    correctSegment(document, workbench.review.moment(item, new Date()), label),
  );
}

function skip(workbench: Workbench): void {
  decide(workbench, 'skipped', (document, item) => skipSegment(document, workbench.review.moment(item, new Date())));
}

function clear(workbench: Workbench): void {
  const { editor, review } = workbench;
  const item = review.current;
  if (!editor.document || !item) return;
  editor.apply('Review: clear', reopenSegment(editor.document, review.moment(item, new Date())));
  workbench.view.say(`Segment ${workbench.segmentNumber.get(item.segment.id) ?? ''}: open again`);
}

/** Undoes, and shows the segment that it was about. */
function undo(workbench: Workbench): void {
  const { editor } = workbench;
  const before = editor.document?.reviews ?? [];
  editor.undo();
  const after = editor.document?.reviews ?? [];
  const changed = before.find((review) => !after.includes(review)) ?? after.find((review) => !before.includes(review));
  if (changed) workbench.selectSegment(changed.segmentId);
}

function play({ player, review }: Workbench): void {
  if (player.playing) player.pause();
  else if (review.current) player.playRange(review.current.segment.range);
}

const hasSegment = (w: Workbench) => w.review.current !== undefined;
const hasItems = (w: Workbench) => w.review.items.length > 0;
const canPlay = (w: Workbench) => hasSegment(w) && w.workspace.media !== undefined;

const canLearn = (w: Workbench) => w.workspace.analysis !== undefined;

/** Commands of the review view; there their keys come before the same keys elsewhere. */
export const REVIEW_COMMANDS = [
  ...commandGroup('Review', canLearn, [['learn.open', 'Learn from labels…', '', (w) => w.view.openDialog('learn')]]),
  ...commandGroup(
    'Review',
    hasSegment,
    [
      ['review.accept', 'Accept the model’s label, next', 'Enter, NumpadEnter', accept],
      ...EMOTIONS.map((label, index): CommandRow => [
        `review.${label}`,
        `Correct to ${label}, next`,
        `Digit${index + 1}, Numpad${index + 1}`,
        (w) => correct(w, label),
      ]),
      ['review.clear', 'Clear label and decision', 'Digit0, Numpad0', clear],
      ['review.skip', 'Skip to the next', 'KeyN', skip],
      ['review.play', 'Play the segment, or pause', 'Space', play, canPlay],
      ['review.next', 'Next in the queue', 'ArrowDown', (w) => w.review.move(1), hasItems],
      ['review.previous', 'Previous in the queue', 'ArrowUp', (w) => w.review.move(-1), hasItems],
      ['review.undo', 'Undo and show the segment', 'Ctrl+KeyZ', undo, (w) => w.editor.undoTitle !== undefined],
    ],
    'review',
  ),
];
