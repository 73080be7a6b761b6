import type { Workbench } from './workbench.svelte.js';

/** What the person should do next; the one primary button says it. */
export type NextStep =
  | { readonly do: 'open' }
  | { readonly do: 'wait'; readonly reason: string }
  | { readonly do: 'perceive' }
  | { readonly do: 'analyze'; readonly again: boolean }
  | { readonly do: 'export' };

/** The next step from where the work stands: open, find marks, run recovery, export, or what to wait for. */
export function nextStepOf({ workspace, jobs, outdated, segments }: Workbench): NextStep {
  const { entry, media, analysis, perception } = workspace;
  if (!entry) return { do: 'open' };
  const id = entry.recordingId;
  if (jobs.activeOf(id, 'analyze')) return { do: 'wait', reason: 'Recovery is running.' };
  if (jobs.activeOf(id, 'export')) return { do: 'wait', reason: 'The report is being written.' };
  if (analysis && !outdated) return { do: 'export' };
  if (!media) return { do: 'wait', reason: 'The file of this recording was not found. Locate it first.' };
  if (!perception && !jobs.activeOf(id, 'perceive')) return { do: 'perceive' };
  if (!perception) return { do: 'wait', reason: 'Marks are still being found.' };
  if (segments.items.length === 0) return { do: 'wait', reason: 'There are no segments to analyse yet.' };
  return { do: 'analyze', again: analysis !== undefined };
}
