/* Lint rules; run from the project's folder with `--config test/eslint.config.js`. */
import path from 'node:path';
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['node_modules/', 'out/', 'release/', 'test-results/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      // noUncheckedIndexedAccess makes `!` after an index that was just checked the plainest way to say so.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    // Rules that need types. A promise nobody waits for is written with `void`, and then must not reject.
    files: ['electron/**/*.ts', 'renderer/**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: ['electron/tsconfig.json', 'renderer/tsconfig.json'],
        tsconfigRootDir: path.resolve(import.meta.dirname, '..'),
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ['electron/**', 'test/**', '*.ts'], languageOptions: { globals: globals.node } },
  { files: ['renderer/**'], languageOptions: { globals: globals.browser } },
  {
    files: ['renderer/**/*.svelte', 'renderer/**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      'svelte/no-at-html-tags': 'error', // Trusted Types refuse it at run time too
      // The CSP forbids style attributes; style: directives go through the CSSOM and are fine, so no-inline-styles is too much.
      'no-restricted-syntax': [
        'error',
        {
          selector: 'SvelteAttribute[key.name="style"]',
          message: 'The CSP forbids style attributes; use style: directives.',
        },
      ],
      'svelte/prefer-svelte-reactivity': 'off', // stores hold plain Maps and Dates on purpose where nothing is drawn from them
      'prefer-const': 'off', // $props() and $bindable() need let
    },
  },
  // Set-up scripts and the stand-alone server talk to a terminal.
  { files: ['electron/setup/**', 'test/**'], rules: { 'no-console': 'off' } },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
