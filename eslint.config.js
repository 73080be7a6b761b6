import js from '@eslint/js';
import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Forbids imports by path pattern; the message teaches the direction of the arrows. */
const forbid = (groups) => ({ 'no-restricted-imports': ['error', { patterns: groups }] });

const NO_ELECTRON = {
  group: ['electron'],
  message: 'Only thin adapters in electron/main and electron/preload import electron; services run in plain Node.',
};

export default ts.config(
  {
    ignores: [
      'out/',
      'dist/',
      '.cache/',
      'test-results/',
      'node_modules/',
      'models/',
      'sample/',
      'test/fixtures/',
      'coverage/',
      '**/.venv/',
    ],
  },
  js.configs.recommended,
  { files: ['**/*.{ts,svelte,svelte.ts}'], extends: [...ts.configs.recommendedTypeChecked] },
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.node },
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'], tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  // what a bench hands to the page runs there
  { files: ['test/bench/*.mjs'], languageOptions: { globals: globals.browser } },
  {
    files: ['**/*.ts', '**/*.svelte'],
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'max-lines': ['error', { max: 420, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { globals: { ...globals.browser }, parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    files: ['core/**'],
    rules: forbid([
      {
        group: ['**/electron/**', '**/renderer/**', 'electron', 'node:*', 'svelte*'],
        message: 'core is pure: it imports only itself and small pure libraries.',
      },
    ]),
  },
  {
    files: ['electron/**'],
    ignores: ['electron/main/**', 'electron/preload/**', 'electron/contract/**'],
    rules: forbid([{ group: ['**/renderer/**'], message: 'electron never imports the page.' }, NO_ELECTRON]),
  },
  {
    files: ['electron/main/**', 'electron/preload/**'],
    rules: forbid([{ group: ['**/renderer/**'], message: 'electron never imports the page.' }]),
  },
  {
    files: ['electron/contract/**'],
    rules: forbid([{ regex: '^(?![.][.]/[.][.]/core/|[.]/|valibot$)', message: 'The contract knows core only.' }]),
  },
  {
    files: ['renderer/**'],
    rules: forbid([
      { regex: '^(electron|node:.*)$', message: 'The page is sandboxed.' },
      { regex: 'electron/(?!contract/)', message: 'The page knows main only through electron/contract.' },
    ]),
  },
  {
    files: ['test/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
