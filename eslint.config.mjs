import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist/', 'coverage/', 'node_modules/', '.cache/', '**/*.js', '**/*.cjs'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers and booleans read well in messages; objects and undefined stay refused.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // `_` marks what a signature forces on us.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Typed-array arithmetic under noUncheckedIndexedAccess: the bound is the loop's invariant.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'error',
    },
  },
  {
    // Plain JavaScript: names and types of bench/ are checked by the compiler (bench/tsconfig.json).
    files: ['**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
    rules: { ...tseslint.configs.disableTypeChecked.rules, 'no-undef': 'off' },
  },
  {
    // Commands, the demo and benchmarks speak to a person on the terminal.
    files: [
      'src/cli/**',
      'src/pipelines/*/cli/**',
      'tools/**',
      'bench/**',
      'infra/main.ts',
      'scripts/**',
      'test/**',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    // Only the configuration module reads the environment.
    files: ['src/**'],
    ignores: ['src/platform/config/**', 'src/cli/**', 'src/pipelines/*/cli/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read settings through src/platform/config.' },
      ],
    },
  },
);
