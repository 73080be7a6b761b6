import { describe, expect, it } from 'vitest';
import { bundleChangeWords, selfTestStaleWords } from '../../renderer/compare/bundleChange.js';

const made = { id: 'speech-face-en', version: '0.1.0', sha256: 'ab'.repeat(32) };
const installed = (change: object) => [
  {
    id: 'speech-face-en',
    version: '0.1.0',
    title: '',
    licence: '',
    intendedUse: '',
    sha256: 'ab'.repeat(32),
    ...change,
  },
];

describe('results of another bundle', () => {
  it('are told with both versions, and stay until recovery runs again', () => {
    const words = bundleChangeWords(made, installed({ version: '0.2.0', sha256: 'cd'.repeat(32) }));
    expect(words).toContain('speech-face-en 0.1.0; 0.2.0 is installed here');
    expect(words).toContain('until you run recovery again');
  });

  it('are told when only the files differ, when the bundle is gone and when it was refused', () => {
    expect(bundleChangeWords(made, installed({ sha256: 'cd'.repeat(32) }))).toContain(
      'other files of the same version',
    );
    expect(bundleChangeWords(made, [])).toContain('not installed here');
    const refused = { code: 'bundle.hash', severity: 'error', message: 'recover.onnx differs.', tip: '' };
    expect(bundleChangeWords(made, installed({ refused }))).toContain('recover.onnx differs.');
  });

  it('of the same bundle say nothing, nor does the page before it knows its bundles', () => {
    expect(bundleChangeWords(made, installed({}))).toBe('');
    expect(bundleChangeWords(made, undefined)).toBe('');
    expect(bundleChangeWords(undefined, [])).toBe('');
  });
});

describe('a self-test', () => {
  it('is out of date when bundle, segments, marks or parameters changed', () => {
    expect(selfTestStaleWords(made, installed({}), false)).toBe('');
    expect(selfTestStaleWords(made, installed({}), true)).toContain('segments, marks or parameters changed');
    expect(selfTestStaleWords(made, installed({ sha256: 'cd'.repeat(32) }), false)).toContain(
      'made with speech-face-en',
    );
    expect(selfTestStaleWords(undefined, [], true)).toBe('');
  });
});
