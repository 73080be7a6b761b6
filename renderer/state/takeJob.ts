/** What the page makes of jobs as they begin and end. */
import type { JobSnapshot } from '../../electron/contract/types.js';
import { listedFrames } from '../document/frames.js';
import { SpectrogramTiles } from '../timeline/spectrogramTiles.js';
import type { Workbench } from './workbench.svelte.js';

/** Jobs whose end is shown, with where the files are. */
const SHOWN_AT_END: readonly JobSnapshot['kind'][] = ['export', 'exportAs', 'repeat', 'packProject'];

/** The first look at a recording takes a while: its steps are shown where the segments will be. */
export function jobBegan(w: Workbench, job: JobSnapshot): void {
  if (job.kind === 'perceive' && !w.workspace.perception) w.view.jobsOpen = true;
}

/** Takes over what a job made, and shows what the person has to see of its end. */
export async function takeJob(w: Workbench, job: JobSnapshot): Promise<void> {
  await w.workspace.takeResult(job);
  w.learning.take(job);
  if (job.kind === 'analyze' && job.state === 'finished') w.projects.noteEdit();
  w.agreements.take(job);
  await w.compare.takeResult(job);
  if ((job.kind === 'whatIf' || job.kind === 'selfTest') && job.state !== 'failed') return;
  await noteJob(w, job);
  // a batch has its own window; its jobs do not push themselves forward
  if (w.batch.running && ['perceive', 'analyze', 'export'].includes(job.kind)) return;
  if (job.kind === 'tracks') {
    takeTracks(w, job);
    return;
  }
  if (w.annotationFiles.take(job)) w.view.openDialog('import');
  if (job.kind === 'perceive' && job.state === 'finished') void w.workspace.readTracks(job.recordingId);
  if (job.state === 'failed' || SHOWN_AT_END.includes(job.kind)) w.view.jobsOpen = job.state !== 'cancelled';
  else if (w.jobs.active.length === 0) w.view.jobsOpen = false;
  if (job.recordingId === w.workspace.entry?.recordingId && !w.segment && !w.coding.row) w.selectFirst();
}

/** The rail follows what jobs make of recordings that are not on screen. */
async function noteJob(w: Workbench, job: JobSnapshot): Promise<void> {
  const { recordingId } = job;
  if (recordingId === '' || recordingId === w.workspace.entry?.recordingId || job.state !== 'finished') return;
  await w.progress.load([recordingId]);
}

function takeTracks(w: Workbench, { result, recordingId }: JobSnapshot): void {
  if (result?.kind !== 'tracks' || recordingId !== w.workspace.entry?.recordingId) return;
  const { frameTimes, spectrogram } = result.tracks;
  if (frameTimes.length > 0) w.player.frames = listedFrames(frameTimes, w.player.duration);
  const read = (level: number, tile: number) => w.bridge.call('spectrogram/tile', { recordingId, level, tile });
  w.spectrogram = spectrogram && new SpectrogramTiles(spectrogram, read, () => (w.spectrogramTilesSeen += 1));
}
