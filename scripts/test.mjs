// `npm test`: every check in order, stopping at the first that fails; the last line sums up all tests.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'vachan-test-'));

const bin = (name, ...args) => [join(root, 'node_modules', name), ...args];
const jest = (name, ...args) => ({
  name,
  report: join(reports, `${name}.json`),
  command: bin('jest/bin/jest.js', '--json', '--outputFile', join(reports, `${name}.json`), ...args),
});

const steps = [
  { name: 'build', command: [join(root, 'scripts', 'build.mjs')] },
  { name: 'types', command: bin('typescript-7/bin/tsc', '-p', 'tsconfig.json') },
  { name: 'lint', command: bin('eslint/bin/eslint.js', '--max-warnings', '0', '.') },
  { name: 'format', command: bin('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.') },
  jest('unit', '--selectProjects', 'unit'),
  jest('infra', '--selectProjects', 'infra'),
  // One worker bundle and one test server serve them all.
  jest('workflow and replay', '--selectProjects', 'workflow', 'replay', '--runInBand'),
  // They share one stack, and some stop its processes.
  jest('integration', '--selectProjects', 'integration', '--runInBand'),
  // They fail by wrong answers, never by slow ones. The first asks librosa, in a virtual environment that it sets up once.
  { name: 'bench audio', command: [join(root, 'bench', 'main.mjs'), 'audio', '--quick'] },
  { name: 'bench model', command: [join(root, 'bench', 'main.mjs'), 'model', '--quick'] },
  // The soak of a minute is in `npm run test:chaos` only.
  jest(
    'chaos',
    '--selectProjects',
    'chaos',
    '--runInBand',
    '--testPathPatterns',
    'chaos/(chaos|fleet)\\.test',
  ),
];

/** Tests of one jest run; a file that could not even start counts as one failed test. */
function tally(report) {
  if (!existsSync(report)) return { passed: 0, failed: 0, pending: 0 };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + numRuntimeErrorTestSuites,
    pending: numPendingTests,
  };
}

const total = { passed: 0, failed: 0, pending: 0 };
const times = [];
let stoppedAt;

for (const { name, command, report } of steps) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const { status, signal, error } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  times.push(`${name} ${seconds} s`);
  if (report !== undefined) {
    const counted = tally(report);
    for (const key of Object.keys(total)) total[key] += counted[key];
  }
  if (status !== 0) {
    const how = error?.message ?? (signal === null ? `exit code ${status}` : signal);
    stoppedAt = `Stopped: the step "${name}" failed (${how}) after ${seconds} s; later steps did not run.`;
    // A step that is no test, or that died before it could report one, still means failure in the last line.
    if (total.failed === 0) total.failed = 1;
    break;
  }
}
rmSync(reports, { recursive: true, force: true });

console.log(`\nTimes: ${times.join(', ')}`);
if (total.pending > 0) console.log(`Skipped tests: ${total.pending}`);
if (stoppedAt !== undefined) console.log(stoppedAt);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = stoppedAt === undefined ? 0 : 1;
