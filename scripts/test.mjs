// `npm test`: every check. `npm run test:quick`: types and all tests that start no servers. The last line sums up all tests.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
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

const quickSteps = [unit, workflows];

/** Each lane takes the next one, so that they end at about the same time. */
const allSteps = [
  // These mostly wait, for servers and timeouts. Each shares one stack, and some stop its processes.
  jest('integration', '--selectProjects', 'integration', '--runInBand'),
  jest('chaos', '--selectProjects', 'chaos', '--runInBand'),
  // What computes.
  { name: 'lint', command: bin('eslint/bin/eslint.js', '--max-warnings', '0', '.') },
  { name: 'format', command: bin('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.') },
  unit,
  jest('infra', '--selectProjects', 'infra', '--runInBand'),
  jest('exports', '--selectProjects', 'exports', '--runInBand'),
  jest('interviews', '--selectProjects', 'interviews', '--runInBand', '--passWithNoTests'),
  workflows,
  jest('tools', '--selectProjects', 'tools', '--runInBand'),
  // They fail by wrong answers, never by slow ones. That of audio asks librosa, in a virtual environment that it sets up once.
  ...['exports', 'archive', 'audio', 'model', 'pages', 'night'].map((name) => ({
    name: `bench ${name}`,
    command: [join(root, 'bench', 'main.mjs'), name, '--quick'],
  })),
];
const LANES = { quick: 2, all: 3 };

/** Tests of one jest run and the names of those that failed; a file that could not even start counts as one failed test. */
function tally(report) {
  if (!existsSync(report)) return { passed: 0, failed: 0, pending: 0, failedNames: [] };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, testResults } =
    JSON.parse(readFileSync(report, 'utf8'));
  const failedNames = testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      const titles = failed.length > 0 ? failed.map(({ fullName }) => fullName) : ['could not be run'];
      return titles.map((title) => `${relative(root, name)}: ${title}`);
    });
  return {
    passed: numPassedTests,
    failed: numFailedTests + numRuntimeErrorTestSuites,
    pending: numPendingTests,
    failedNames,
  };
}

/** Longer than any step takes, on the slowest of machines: one that hangs must not hide what all others have found. */
const LONGEST_STEP_MS = 35 * 60_000;
/** A step that has ended and whose output is still held open by a process that it left behind. */
const LEFT_BEHIND_MS = 15_000;
/** A step whose report is written, so that all of its tests have ended, and that goes on: native code may keep a process for ever. */
const NO_EXIT_MS = 30_000;
/** Names, in the environment of whatever a step starts, the step. */
const MARK = 'VACHAN_TEST_STEP';

const total = { passed: 0, failed: 0, pending: 0 };
const times = [];
/** Children that run, by name: each leads a process group, so that what it started ends with it. */
const running = new Map();
const failures = [];
const failedNames = [];

/** Processes that a step has started and that still run, by what the environment says that it gave them; on Linux alone. */
function processesOf(mark) {
  const found = [];
  for (const pid of existsSync('/proc/self/environ')
    ? readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    : []) {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${MARK}=${mark}`)) continue;
      found.push({
        pid: Number(pid),
        command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').slice(0, 200),
      });
    } catch {
      // It has ended, or is another user's.
    }
  }
  return found;
}

/** Kills whatever a step has started and still runs. @returns their commands */
function endProcesses(mark) {
  const left = processesOf(mark);
  for (const { pid } of left) kill(pid);
  return left.map(({ command }) => command).join('; ');
}

/** @param pid of a process, or less than 0 of all processes of a group */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    for (const { pid } of running.values()) kill(-pid);
    rmSync(reports, { recursive: true, force: true });
    process.exit(130);
  });
}

/** Runs a step, its output kept together: lanes speak at once. @returns what it ended with */
async function run({ name, command, report }) {
  const mark = `${process.pid} ${name}`;
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { ...process.env, [MARK]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.set(name, child);
  const output = [];
  child.stdout.on('data', (piece) => output.push(piece));
  child.stderr.on('data', (piece) => output.push(piece));
  const ended = await new Promise((resolve) => {
    const watch = setInterval(() => {
      if (report === undefined || !existsSync(report)) return;
      clearInterval(watch);
      setTimeout(() => {
        const commands = endProcesses(mark);
        resolve({ code: tally(report).failed === 0 ? 0 : 1, how: `it did not exit: ${commands}` });
      }, NO_EXIT_MS).unref();
    }, 1_000);
    const limit = setTimeout(() => {
      const commands = endProcesses(mark);
      resolve({ how: `it had not ended, and was killed with what it had started: ${commands}` });
    }, LONGEST_STEP_MS);
    child.once('error', (error) => resolve({ how: error.message }));
    child.once('exit', () => {
      clearInterval(watch);
      clearTimeout(limit);
      setTimeout(() => {
        resolve({ how: `it left behind what holds its output: ${endProcesses(mark)}` });
      }, LEFT_BEHIND_MS).unref();
    });
    child.once('close', (code, signal) => resolve({ code, how: signal ?? `exit code ${code}` }));
  });
  kill(-child.pid);
  // A process outside the group may hold them open, which would keep this one alive.
  child.stdout.destroy();
  child.stderr.destroy();
  running.delete(name);
  process.stdout.write(`\n== ${name}\n${Buffer.concat(output)}`);
  return ended;
}

/** Runs the steps that are left, whatever the one before ended with. @param left shared by all lanes */
async function runNext(left) {
  for (let step = left.shift(); step !== undefined; step = left.shift()) {
    const { name, report } = step;
    const started = performance.now();
    const { code, how } = await run(step);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    times.push(`${name} ${seconds} s${code === 0 && how !== 'exit code 0' ? ` (${how})` : ''}`);
    if (report !== undefined) {
      const { failedNames: names, ...counted } = tally(report);
      for (const key of Object.keys(total)) total[key] += counted[key];
      failedNames.push(...names);
    }
    if (code !== 0) failures.push(`The step "${name}" failed (${how}) after ${seconds} s.`);
  }
}

const startedAt = performance.now();
// Whoever waits sees that something goes on.
const heartbeat = setInterval(() => {
  const minutes = Math.round((performance.now() - startedAt) / 60_000);
  console.log(`… ${minutes} min, under way: ${[...running.keys()].join(', ')}`);
}, 60_000);
await runNext([...first]);
// Sources that change while tests run would otherwise be built into what they run on.
process.env.VACHAN_IS_BUILT = 'true';
if (failures.length === 0) {
  const left = [...(quick ? quickSteps : allSteps)];
  await Promise.all(Array.from({ length: quick ? LANES.quick : LANES.all }, () => runNext(left)));
}
clearInterval(heartbeat);
rmSync(reports, { recursive: true, force: true });

console.log(`\nTimes: ${times.join(', ')}`);
if (total.pending > 0) console.log(`Skipped tests: ${total.pending}`);
for (const failure of failures) console.log(failure);
for (const name of failedNames) console.log(`Failed: ${name}`);
// A step that is no test, or that died before it could report one, still means failure in the last line.
if (failures.length > 0 && total.failed === 0) total.failed = 1;
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
