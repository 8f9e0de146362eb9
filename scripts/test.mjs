// `npm test`: every check. `npm run test:quick`: types and all tests that start no servers. The last line sums up all tests.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [only, ...more] = process.argv.slice(2);
if ((only !== undefined && only !== '--quick') || more.length > 0) {
  console.error(
    `Unknown argument ${more[0] ?? only}; for some tests alone: npx jest --selectProjects unit --testPathPatterns NAME`,
  );
  process.exit(2);
}
const quick = only === '--quick';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'vachan-test-'));

const bin = (name, ...args) => [join(root, 'node_modules', name), ...args];
const jest = (name, ...args) => ({
  name,
  report: join(reports, `${name}.json`),
  command: bin('jest/bin/jest.js', '--json', '--outputFile', join(reports, `${name}.json`), ...args),
});

/** Nothing else makes sense without these; all else runs to its end, so that one run tells of every failure. */
const first = [
  { name: 'build', command: [join(root, 'scripts', 'build.mjs')] },
  { name: 'types', command: bin('typescript-7/bin/tsc', '-p', 'tsconfig.json') },
  { name: 'types of bench', command: bin('typescript-7/bin/tsc', '-p', 'bench/tsconfig.json') },
];

const unit = jest('unit', '--selectProjects', 'unit', '--runInBand');
// One worker bundle and one test server serve them all.
const workflows = jest('workflow and replay', '--selectProjects', 'workflow', 'replay', '--runInBand');

const quickLanes = [[unit], [workflows]];

/** Integration tests mostly wait for servers and timeouts; beside them, what mostly computes. */
const allLanes = [
  // They share one stack, and some stop its processes.
  [jest('integration', '--selectProjects', 'integration', '--runInBand')],
  [
    { name: 'lint', command: bin('eslint/bin/eslint.js', '--max-warnings', '0', '.') },
    { name: 'format', command: bin('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.') },
    unit,
    jest('infra', '--selectProjects', 'infra', '--runInBand'),
    workflows,
    // They fail by wrong answers, never by slow ones. The first asks librosa, in a virtual environment that it sets up once.
    { name: 'bench audio', command: [join(root, 'bench', 'main.mjs'), 'audio', '--quick'] },
    { name: 'bench model', command: [join(root, 'bench', 'main.mjs'), 'model', '--quick'] },
    { name: 'bench pages', command: [join(root, 'bench', 'main.mjs'), 'pages', '--quick'] },
    { name: 'bench night', command: [join(root, 'bench', 'main.mjs'), 'night', '--quick'] },
    jest('tools', '--selectProjects', 'tools', '--runInBand'),
    jest('chaos', '--selectProjects', 'chaos', '--runInBand'),
  ],
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
const running = new Set();
const failures = [];

/** Runs a step, its output kept together: two lanes speak at once. @returns what it ended with */
async function run({ name, command }) {
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const output = [];
  child.stdout.on('data', (piece) => output.push(piece));
  child.stderr.on('data', (piece) => output.push(piece));
  const ended = await new Promise((resolve) => {
    child.once('error', (error) => resolve({ how: error.message }));
    child.once('close', (code, signal) => resolve({ code, how: signal ?? `exit code ${code}` }));
  });
  running.delete(child);
  process.stdout.write(`\n== ${name}\n${Buffer.concat(output)}`);
  return ended;
}

/** Runs each step, whatever the one before ended with. */
async function runInOrder(steps) {
  for (const step of steps) {
    const { name, report } = step;
    const started = performance.now();
    const { code, how } = await run(step);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    times.push(`${name} ${seconds} s`);
    if (report !== undefined) {
      const counted = tally(report);
      for (const key of Object.keys(total)) total[key] += counted[key];
    }
    if (code !== 0) failures.push(`The step "${name}" failed (${how}) after ${seconds} s.`);
  }
}

const startedAt = performance.now();
// Whoever waits sees that something goes on.
const heartbeat = setInterval(() => {
  const minutes = Math.round((performance.now() - startedAt) / 60_000);
  console.log(`… ${minutes} min, ${running.size} step(s) under way`);
}, 60_000);
await runInOrder(first);
if (failures.length === 0) await Promise.all((quick ? quickLanes : allLanes).map(runInOrder));
clearInterval(heartbeat);
rmSync(reports, { recursive: true, force: true });

console.log(`\nTimes: ${times.join(', ')}`);
if (total.pending > 0) console.log(`Skipped tests: ${total.pending}`);
for (const failure of failures) console.log(failure);
// A step that is no test, or that died before it could report one, still means failure in the last line.
if (failures.length > 0 && total.failed === 0) total.failed = 1;
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
