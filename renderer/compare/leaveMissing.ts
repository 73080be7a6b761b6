import { setRecovered } from '../../core/segments/editSegments.js';
import type { Workbench } from '../state/workbench.svelte.js';

/** Leaves the compared modality of the selected segment missing, or has it recovered again; an edit that can be undone. */
export function leaveMissing(workbench: Workbench, left: boolean): void {
  const { segment, editor, comparedModality: modality, view } = workbench;
  const { document } = editor;
  if (!segment || !document) return;
  const next = setRecovered(document, segment.id, modality, !left);
  if (next === document) return;
  const number = workbench.segmentNumber.get(segment.id);
  editor.apply(left ? `Treat ${modality} as missing` : `Use recovered ${modality}`, next);
  view.say(
    left
      ? `Segment ${number}: missing ${modality} stays missing when recovery is run again`
      : `Segment ${number}: missing ${modality} is recovered when recovery is run again`,
  );
}
