import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { reportFolder } from '../files/reportFolder.js';
import type { JobList } from '../jobs/jobs.js';
import { finishBatch } from '../report/batchFolder.js';
import type { Handlers } from './contractHandlers.js';

/** What the handlers of a batch need from the app. */
export interface BatchContext {
  readonly version: string;
  readonly jobs: JobList;
  readonly chooseReportFolder: () => Promise<string | undefined>;
  readonly revealFolder: (folder: string) => Promise<void>;
}

interface Recording {
  readonly path: string;
  readonly modelsDir: string;
  readonly cacheDir: string;
  readonly sha256?: string;
}

/** Reports of many recordings into one folder that the person chose once. The page knows the batch by a number only. */
export function batchHandlers(
  context: BatchContext,
  onRecording: (recordingId: string) => Recording,
): Pick<Handlers, 'batch/begin' | 'batch/export' | 'batch/finish' | 'batch/reveal'> {
  const folders = new Map<string, string>();
  const folderOf = (batchId: string): string => {
    const folder = folders.get(batchId);
    if (folder === undefined) throw new Error('This batch did not begin in this session. Choose a folder again.');
    return folder;
  };
  return {
    'batch/begin': async ({ projectId }) => {
      const chosen = await context.chooseReportFolder();
      if (chosen === undefined) return null;
      const folder = await reportFolder(chosen, projectId);
      const batchId = `batch-${randomUUID()}`;
      folders.set(batchId, folder);
      return { batchId, folderName: path.basename(folder) };
    },
    'batch/export': async ({ batchId, ...argument }) => {
      const outDir = path.join(folderOf(batchId), argument.recordingId);
      const recording = onRecording(argument.recordingId);
      // a repeated attempt replaces its own earlier report
      const job = { ...recording, ...argument, outDir, overwrite: true, appVersion: context.version };
      return Promise.resolve({ jobId: context.jobs.start({ kind: 'export', argument: job }) });
    },
    'batch/finish': async ({ batchId, rows }) => ({ files: await finishBatch(folderOf(batchId), rows) }),
    'batch/reveal': async ({ batchId }) => {
      await context.revealFolder(folderOf(batchId));
      return null;
    },
  };
}
