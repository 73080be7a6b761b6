import { SHIPPED_BUNDLE } from '../../core/analysis/defaultParameters.js';
import { FEATURE_CONTAINER, type MediaInfo } from '../../core/recording/mediaInfo.js';
import type { AppInfo, BundleSummary } from '../../electron/contract/types.js';

/** Bundles for a recording: those of benchmarks read ready-made features, and the others never do. */
export function bundlesFor(app: AppInfo | undefined, info: MediaInfo | undefined): readonly BundleSummary[] {
  const features = info?.container === FEATURE_CONTAINER;
  return (app?.bundles ?? []).filter((bundle) => (bundle.benchmark === true) === features);
}

/** Bundle of a new document: the shipped one, unless only another one can be used. */
export function bundleIdFor(app: AppInfo | undefined, info: MediaInfo | undefined): string {
  const usable = bundlesFor(app, info).filter((bundle) => bundle.refused === undefined);
  const shipped = usable.some((bundle) => bundle.id === SHIPPED_BUNDLE);
  return shipped ? SHIPPED_BUNDLE : (usable[0]?.id ?? SHIPPED_BUNDLE);
}
