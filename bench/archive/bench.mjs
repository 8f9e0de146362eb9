// The ZIP reader alone: how long a large directory takes, how many requests many small entries are, and what memory entries past 4 GiB need.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';

const FULL = ['directory', 'million', 'small', 'stored', 'deflated'];
const QUICK = ['directory', 'small'];
const MOST_REQUESTS = 60;
/** Of a process that may have 250, and has 60 before it reads anything. */
const MOST_READER_MB = 190;

/** @returns `{ok, …}`: ok when every entry was read, with few requests and in bounded memory */
export function run(root, { quick }) {
  const cases = (quick ? QUICK : FULL).map((name) => measure(root, name, quick));
  const wrong = cases.flatMap(problemsOf);
  const result = {
    machine: { cpu: cpus()[0].model, cores: cpus().length, node: process.versions.node },
    cases,
    wrong,
    ok: wrong.length === 0,
  };
  print(result);
  return result;
}

/** In a process of its own, so that its memory is the case's. */
function measure(root, name, quick) {
  const script = join(root, 'bench', 'archive', 'measure.mjs');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', '--max-semi-space-size=8', script, JSON.stringify({ name, quick })],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`bench/archive/measure.mjs ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

function problemsOf({ about, entries, read, requests, readerMb }) {
  return [
    ...(read === entries ? [] : [`${about}: ${read} of ${entries} entries were read`]),
    ...(requests <= MOST_REQUESTS ? [] : [`${about}: ${requests} requests, more than ${MOST_REQUESTS}`]),
    ...(readerMb <= MOST_READER_MB
      ? []
      : [`${about}: ${readerMb.toFixed(0)} MB, more than ${MOST_READER_MB}`]),
  ];
}

function print({ machine, cases, wrong }) {
  console.log(`\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}\n`);
  console.log('| archive | bytes | requests | CPU s | MB of the reader |');
  console.log('|---|---:|---:|---:|---:|');
  for (const { about, bytes, requests, cpuSeconds, readerMb } of cases) {
    console.log(
      `| ${about} | ${bytes.toLocaleString('en')} | ${requests} | ${cpuSeconds.toFixed(2)} | ${readerMb.toFixed(0)} |`,
    );
  }
  console.log();
  for (const line of wrong) console.log(`WRONG: ${line}`);
}
