import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../core/analysis/defaultParameters.js';
import { parseAnalyzeOptions } from '../../../electron/cli/analyzeOptions.js';

describe('the options of analyze', () => {
  it('that are not given are the parameters of a new document in the app', () => {
    const options = parseAnalyzeOptions(['a.mp4', '--out', 'report'], '/work');
    if (typeof options === 'string' || 'from' in options) throw new Error('not an analysis');
    const { bundle: bundleId, seed, samples, provider, recover, thresholds } = options;
    expect({ bundleId, seed, samples, provider, recover, thresholds }).toEqual(defaultParameters());
  });
});
