import type { Analysis } from '../../core/analysis/analysis.js';
import type { BundleSummary } from '../../electron/contract/types.js';

type Made = Pick<Analysis['bundle'], 'id' | 'version' | 'sha256'>;

/** How the installed bundle differs from the one that made something; empty when it is the same or not known yet. */
function difference(made: Made, bundles: readonly BundleSummary[] | undefined): string {
  if (bundles === undefined) return '';
  const installed = bundles.find(({ id }) => id === made.id);
  const name = `${made.id} ${made.version}`;
  if (installed === undefined) return `${name}, which is not installed here`;
  if (installed.refused !== undefined) return `${name}, which was refused here: ${installed.refused.message}`;
  if (installed.sha256 === undefined || installed.sha256 === made.sha256) return '';
  const now = installed.version === made.version ? 'other files of the same version are' : `${installed.version} is`;
  return `${name}; ${now} installed here`;
}

/** Says that results were made with another bundle than the installed one. */
export function bundleChangeWords(made: Made | undefined, bundles: readonly BundleSummary[] | undefined): string {
  const words = made === undefined ? '' : difference(made, bundles);
  return words === ''
    ? ''
    : `These results were made with ${words}. They stay as they are until you run recovery again.`;
}

/** Says why a self-test no longer fits what is on screen. */
export function selfTestStaleWords(
  made: Made | undefined,
  bundles: readonly BundleSummary[] | undefined,
  outdated: boolean,
): string {
  if (made === undefined) return '';
  const words = difference(made, bundles);
  if (words !== '') return `Out of date: it was made with ${words}. Run it again.`;
  return outdated ? 'Out of date: segments, marks or parameters changed since. Run it again.' : '';
}
