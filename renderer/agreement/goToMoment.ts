import type { Moment } from '../../core/agreement/agreementResult.js';
import { formatHms } from '../../core/time/format.js';
import type { Workbench } from '../state/workbench.svelte.js';

/** Selects a moment and moves the player to its start; another recording is opened first where it is known here. */
export async function goToMoment(
  w: Workbench,
  { recordingId, range }: Pick<Moment, 'recordingId' | 'range'>,
): Promise<void> {
  if (w.workspace.entry?.recordingId !== recordingId) {
    const entry = w.workspace.entries.find((known) => known.recordingId === recordingId);
    if (!entry) throw new Error(`Recording ${recordingId} is not known here. Open it first.`);
    await w.workspace.reopen(entry);
  }
  const segment = w.segments.items.find((one) => one.range.start === range.start && one.range.end === range.end);
  if (segment) w.selection.selectSegment(segment.id);
  else w.selection.selectRange(range);
  w.show(range);
  w.player.seek(range.start);
  w.view.say(`At ${formatHms(range.start)}`);
}
