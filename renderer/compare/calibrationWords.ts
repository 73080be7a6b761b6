import type { BundleCalibration, PatternCalibration } from '../../core/analysis/analysis.js';
import { percent } from '../words.js';

/** 95 % interval of a share (Wilson 1927). */
export function shareInterval(share: number, n: number): { readonly low: number; readonly high: number } {
  const z = 1.959964;
  const centre = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return { low: (centre - half) / scale, high: (centre + half) / scale };
}

/** What was found on held-out material about the stated interval of one pattern. */
export function coverageWords({ level, n }: BundleCalibration, { coverage }: PatternCalibration): string {
  if (coverage === undefined) return 'How often its intervals hold the truth was not measured for this pattern.';
  const found = `${(coverage * 100).toFixed(1)} % of held-out segments fell inside the stated ${percent(level)} interval`;
  if (n === undefined) return `${found}.`;
  const { low, high } = shareInterval(coverage, n);
  return `${found} (${n} segments, 95 % CI ${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)}).`;
}
