import { packProject } from '../project/packProject.js';
import { openProject, saveProject } from '../project/projectTasks.js';
import { previewReport } from '../report/previewReport.js';
import type { HostTaskTable } from './serveHost.js';

/** Tasks on files that need no network: they run in a process of their own, beside those of the analysis. */
export const FILE_TASKS = {
  openProject,
  saveProject,
  packProject: (argument, context) => packProject(argument, context),
  preview: previewReport,
} satisfies Partial<HostTaskTable>;
