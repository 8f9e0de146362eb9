// `vachan report --no-audio` over a large run: results are written straight into MongoDB, then the command is run as a person would.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, benchFolder } from '../cleanup.mjs';
import { storedOptions, storeResults, TEST_DATE, watchMemory } from './stored-results.mjs';

export const options = storedOptions;

/** What a page may take, however many results there are: bins, reasons and a dozen recordings. */
const MOST_PAGE_BYTES = 1_000_000;
/** And the command: Node, the driver, and aggregates. */
const MOST_MEMORY_MB = 300;

/** @returns `{ok, …}`: ok when the page counts every result, and neither page nor memory grew with them */
export async function run(root, { quick, records, minutes }) {
  const folder = benchFolder(root, 'report');
  const { server, wanted, written, environment } = await storeResults(folder, { quick, records, minutes });
  const page = join(folder, 'report.html');
  // Nobody listens there: the page says what it does not know.
  const env = { ...environment, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  console.log('Reporting …');
  const started = performance.now();
  const command = spawn(
    process.execPath,
    [join(root, 'bin/vachan.js'), 'report', TEST_DATE, '--no-audio', '--out', page],
    { env, cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  atEnd(() => command.kill());
  const memory = watchMemory(command.pid);
  const [code] = await once(command, 'exit');
  const peakMb = memory.peakMb();
  const seconds = (performance.now() - started) / 1_000;
  const pageBytes = code === 0 ? statSync(page).size : 0;
  const counted = code === 0 && readFileSync(page, 'utf8').includes(written.toLocaleString('en-US'));
  const result = {
    server,
    wanted,
    results: written,
    seconds,
    pageBytes,
    peakMb,
    ok: counted && pageBytes <= MOST_PAGE_BYTES && peakMb <= MOST_MEMORY_MB,
  };
  print(result);
  return result;
}

function print(result) {
  const number = (value) => value.toLocaleString('en', { maximumFractionDigits: 1 });
  console.log(`\n| report, ${result.server} | |\n|---|---:|`);
  console.log(`| results | ${number(result.results)} of ${number(result.wanted)} |`);
  console.log(`| time | ${number(result.seconds)} s |`);
  console.log(`| memory of the command at most | ${number(result.peakMb)} MB |`);
  console.log(`| page | ${number(result.pageBytes / 1_000)} kB |`);
  console.log(result.ok ? '\nThe page counts every result.' : '\nWrong: see the table.');
}
