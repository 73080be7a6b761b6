import { readFile } from 'node:fs/promises';
import { parsePreviewSources, previewFiles } from '../../core/report/previewFiles.js';
import type { HostTaskTable } from '../host/serveHost.js';
import { inSlices } from '../host/inSlices.js';

/** The files that an export of what is on screen would write. */
export const previewReport: HostTaskTable['preview'] = async ({ sources, peaks, options }, { signal, onProgress }) => {
  const step = { step: 'Prepare the preview', stepNumber: 1, stepCount: 1 };
  onProgress(step);
  const parsed = parsePreviewSources(await readFile(sources, 'utf8'));
  const envelope = peaks && { hop: peaks.hop, minMax: new Int16Array(peaks.minMax.slice().buffer) };
  return inSlices(previewFiles(parsed, options, envelope), {
    signal,
    onProgress: (fraction) => onProgress({ ...step, fraction }),
  });
};
