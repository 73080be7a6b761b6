import { clearLabel, setLabel } from '../../core/labels/editLabels.js';
import { type Emotion, EMOTIONS } from '../../core/recording/emotion.js';
import { ownLabel } from '../document/rater.js';
import type { Workbench } from '../state/workbench.svelte.js';
import type { Command } from './command.js';

function labelSegment(workbench: Workbench, label: Emotion): void {
  const { segment } = workbench;
  const { document } = workbench.editor;
  if (!segment || !document) return;
  workbench.editor.apply(`Label ${label}`, setLabel(document, ownLabel(segment.id), label, new Date()));
  workbench.view.say(`Segment ${workbench.segmentNumber.get(segment.id) ?? ''}: ${label}`);
}

function clearSegmentLabel(workbench: Workbench): void {
  const { segment } = workbench;
  const { document } = workbench.editor;
  if (segment && document) workbench.editor.apply('Clear label', clearLabel(document, ownLabel(segment.id)));
}

/** Goes `by` segments on (negative: back); from none to the one at the playhead. */
export function selectNeighbour(workbench: Workbench, by: number): void {
  const { items } = workbench.segments;
  const index = items.findIndex((segment) => segment.id === workbench.selection.segmentId);
  const from =
    index >= 0
      ? index + by
      : Math.max(
          0,
          items.findIndex((s) => s.range.end > workbench.player.time),
        );
  const next = items[Math.min(items.length - 1, Math.max(0, from))];
  if (next) workbench.selectSegment(next.id);
}

/** Takes the model's label as the person's where they gave none, and moves on. Says so on its button. */
function confirmAndNext(workbench: Workbench): void {
  const { segment, labels, results } = workbench;
  const suggestion = segment && !labels.has(segment.id) ? results.get(segment.id)?.estimate?.label : undefined;
  if (suggestion) labelSegment(workbench, suggestion);
  selectNeighbour(workbench, 1);
}

const hasSegment = (w: Workbench) => w.segment !== undefined;
const hasSegments = (w: Workbench) => w.segments.items.length > 0;

export const LABEL_COMMANDS: readonly Command[] = [
  {
    id: 'select.next',
    title: 'Next segment',
    category: 'Select',
    keys: ['ArrowDown'],
    when: hasSegments,
    run: (w) => selectNeighbour(w, 1),
  },
  {
    id: 'select.previous',
    title: 'Previous segment',
    category: 'Select',
    keys: ['ArrowUp'],
    when: hasSegments,
    run: (w) => selectNeighbour(w, -1),
  },
  ...EMOTIONS.map((label, index): Command => ({
    id: `label.${label}`,
    title: `Label ${label}`,
    category: 'Label',
    keys: [`Digit${index + 1}`, `Numpad${index + 1}`],
    when: hasSegment,
    run: (w) => labelSegment(w, label),
  })),
  {
    id: 'label.clear',
    title: 'Clear the label',
    category: 'Label',
    keys: ['Digit0', 'Numpad0'],
    when: hasSegment,
    run: clearSegmentLabel,
  },
  {
    id: 'label.confirm',
    title: 'Confirm and go to the next segment',
    category: 'Label',
    keys: ['Enter', 'NumpadEnter'],
    when: hasSegment,
    run: confirmAndNext,
  },
];
