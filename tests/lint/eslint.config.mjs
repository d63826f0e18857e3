// eslint.config.mjs: what is wrong, not what is taste.
import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

const tree = new URL('../..', import.meta.url).pathname;

export default [
  { ignores: ['**/node_modules/**', '**/build/**'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: Object.fromEntries(('process console fetch URL '
      + 'URLSearchParams Buffer setTimeout clearTimeout setInterval clearInterval '
      + 'setImmediate AbortSignal AbortController performance structuredClone '
      + 'TextEncoder TextDecoder WebSocket Response Headers '
      // what a test runs inside the browser
      + 'document window location localStorage sessionStorage getComputedStyle '
      + 'requestAnimationFrame navigator Event KeyboardEvent MouseEvent '
      + 'NodeFilter Element Notification HTMLElement MutationObserver history CSS Intl Node '
      + 'innerWidth innerHeight scrollTo PerformanceObserver')
      .split(' ').map((name) => [name, 'readonly'])) },
    rules: {
      'no-empty': ['error', { allowEmptyCatch: true }],
      // named to be left out of the rest
      'no-unused-vars': ['error', { ignoreRestSiblings: true,
        varsIgnorePattern: '^_' }],
      // \[ in a class reads better beside \]
      'no-useless-escape': 'off',
    },
  },
  ...ts.configs.recommendedTypeChecked.map((c) =>
    ({ ...c, files: ['htdocs/**/*.ts', 'htdocs/**/*.tsx'] })),
  {
    files: ['htdocs/**/*.ts', 'htdocs/**/*.tsx'],
    plugins: { 'react-hooks': hooks },
    languageOptions: { parserOptions: { project: 'htdocs/tsconfig.json',
      tsconfigRootDir: tree } },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      // reading .value subscribes to a signal
      '@typescript-eslint/no-unused-expressions': 'off',
      // a form's fields are text here, and a field that MT5 adds may be anything
      '@typescript-eslint/no-base-to-string': 'off',
      // named to be left out of the rest
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true,
        varsIgnorePattern: '^_' }],
    },
  },
];
