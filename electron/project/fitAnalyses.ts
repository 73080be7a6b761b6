import { omit } from '../../core/omit.js';
import type { ProjectContents } from '../../core/project/projectFile.js';
import type { Problem } from '../../core/problems/problem.js';

/** Characters of one analysis above which its decoded curves stay out, so that the part can be read again. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/**
 * Contents whose analyses are small enough for a project file. Decoded curves are most of an analysis and can be made again;
 * where they stay out, a Problem says so.
 */
export function fitAnalyses(
  contents: ProjectContents,
  maxCharacters = MAX_CHARACTERS,
): { readonly contents: ProjectContents; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const analyses = contents.analyses.map((item) => {
    if (JSON.stringify(item).length <= maxCharacters) return item;
    const name = contents.recordings.find(({ recordingId }) => recordingId === item.recordingId)?.fileName;
    problems.push({
      code: 'project.curves_left_out',
      severity: 'note',
      message: `${name ?? item.recordingId} has so many results that their decoded curves are not in the file; everything else is.`,
      tip: 'Where the file is opened, run recovery again to see the curves.',
    });
    const results = item.analysis.results.map((result) =>
      result.estimate ? { ...result, estimate: omit(result.estimate, 'curves') } : result,
    );
    return { ...item, analysis: { ...item.analysis, results } };
  });
  return { contents: problems.length > 0 ? { ...contents, analyses } : contents, problems };
}
