// `vachan review` over a large run: how long it takes until the page is there, and the memory until then.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { atEnd, benchFolder } from '../cleanup.mjs';
import { storedOptions, storeResults, TEST_DATE, watchMemory } from '../report/stored-results.mjs';

export const options = storedOptions;

/** The command's own defaults. */
const SAMPLE = 100;
/** What Node, the driver and a page take, however many results there are. */
const MOST_MEMORY_MB = 300;

/** @returns `{ok, …}`: ok when the page has the whole sample, and memory did not grow with the results */
export async function run(root, { quick, records, minutes }) {
  const folder = benchFolder(root, 'review');
  const { server, wanted, written, environment } = await storeResults(folder, { quick, records, minutes });
  console.log('Drawing the sample …');
  const started = performance.now();
  const command = spawn(
    process.execPath,
    [join(root, 'bin/vachan.js'), 'review', TEST_DATE, '--no-open', '--out', join(folder, 'review.csv')],
    { env: environment, cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  atEnd(() => command.kill());
  const memory = watchMemory(command.pid);
  const ended = once(command, 'exit');
  const url = await Promise.race([
    once(command.stdout, 'data').then(([line]) => String(line).trim()),
    ended.then(() => undefined),
  ]);
  const seconds = (performance.now() - started) / 1_000;
  const peakMb = memory.peakMb();
  const sampled = url === undefined ? 0 : await sampleAt(url);
  command.kill('SIGINT');
  await ended;
  const result = {
    server,
    wanted,
    results: written,
    seconds,
    sampled,
    peakMb,
    ok: sampled === Math.min(SAMPLE, written) && peakMb <= MOST_MEMORY_MB,
  };
  print(result);
  return result;
}

async function sampleAt(url) {
  const answer = await fetch(`${url}state`);
  const { verdicts } = await answer.json();
  return verdicts.length;
}

function print({ server, wanted, results, seconds, sampled, peakMb, ok }) {
  const number = (value) => value.toLocaleString('en', { maximumFractionDigits: 1 });
  console.log(`\n| review, ${server} | |\n|---|---:|`);
  console.log(`| results | ${number(results)} of ${number(wanted)} |`);
  console.log(`| time until the page is served | ${number(seconds)} s |`);
  console.log(`| memory of the command at most | ${number(peakMb)} MB |`);
  console.log(`| recordings of the sample | ${number(sampled)} |`);
  console.log(ok ? '\nThe page has the whole sample.' : '\nWrong: see the table.');
}
