// Archives from a link to S3, by a worker's own code and by a Python peer, in turns: CPU seconds, wall time, memory, requests.
import { join } from 'node:path';
import { startContestant } from '../audio/contestant.mjs';
import { CASES } from './cases.mjs';
import { setUpPeer } from './peer-setup.mjs';
import { workerFlags } from '../worker-flags.mjs';

export const options = (command, { wholeNumber }) =>
  command
    .option('--rounds <count>', 'times that each side takes each archive', wholeNumber(1))
    .option('--only <names>', `of ${Object.keys(CASES).join(', ')}, separated by commas`, (text) =>
      text.split(','),
    )
    .option('--no-peer', 'our side alone');

const ROUNDS = 3;
/** In use by all processes of a case: server, sink and side. */
const CORES = 2;

/** @returns `{ok, …}`: ok when every entry arrived whole, on both sides */
export async function run(
  root,
  { quick, rounds = quick ? 1 : ROUNDS, only = Object.keys(CASES), peer: withPeer },
) {
  const unknown = only.filter((name) => CASES[name] === undefined);
  if (unknown.length > 0) throw new Error(`No such archive: ${unknown.join(', ')}`);
  const peer = withPeer ? await setUpPeer() : { unavailable: 'it was not asked for' };
  if (peer.unavailable !== undefined) console.log(`Without the Python peer: ${peer.unavailable}.`);
  if (quick) console.log('Small archives of each kind: they show that all works, and no figures.');
  const rows = [];
  for (const name of only) rows.push(...(await race(root, name, { quick, rounds, python: peer.python })));
  print(rows);
  return { ok: rows.every(({ ok }) => ok), quick, rounds, rows };
}

async function race(root, name, { quick, rounds, python }) {
  const script = (file) => join(root, 'bench/exports', file);
  const start = (command, ...args) => startContestant(command, args, CORES);
  const api = await start(process.execPath, script('api.mjs'), name, ...(quick ? ['--quick'] : []));
  const sink = await start(process.execPath, script('sink.mjs'));
  const needs = JSON.stringify({ api: api.ready, sink: sink.ready, name, quick });
  const flags = [...workerFlags(root), '--disable-warning=NodeVersionSupportWarning'];
  const sides = { ours: await start(process.execPath, ...flags, script('ours.mjs'), needs) };
  if (python !== undefined && CASES[name].peer) sides.peer = await start(python, script('peer.py'), needs);

  /** @type {Record<string, any[]>} */
  const measured = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [side, contestant] of Object.entries(sides)) {
      const before = await api.ask('counts');
      const figures = await contestant.ask('settle');
      const sunk = await sink.ask('figures');
      const after = await api.ask('counts');
      measured[side].push({
        ...figures,
        sunk,
        downloads: after.requests.download - before.requests.download,
      });
    }
  }
  for (const contestant of [...Object.values(sides), sink, api]) await contestant.quit();

  const { entries, bytes, size: zipBytes } = api.ready;
  return Object.entries(measured).map(([side, results]) => ({
    ...{ name, side, entries, bytes, zipBytes },
    cpuSeconds: median(results.map((result) => result.cpuSeconds)),
    wallSeconds: median(results.map((result) => result.wallSeconds)),
    peakMib: Math.max(...results.map((result) => result.peakMib)),
    downloads: results.at(-1).downloads,
    requests: results.at(-1).sunk.requests,
    ok: results.every(
      ({ ended, uploaded, sunk }) =>
        ended === 'settled' &&
        uploaded === entries &&
        sunk.objects === entries &&
        sunk.bytes === bytes &&
        sunk.wrong === 0,
    ),
  }));
}

function print(rows) {
  console.log(
    '\n| archive | side | CPU s | wall s | peak MiB | ranges | S3 requests | |\n|---|---|--:|--:|--:|--:|--:|---|',
  );
  for (const row of rows) {
    const peer = rows.find(({ name, side }) => name === row.name && side === 'peer');
    const ratio =
      row.side === 'ours' && peer !== undefined
        ? `${(peer.cpuSeconds / row.cpuSeconds).toFixed(1)}x CPU, ${(peer.wallSeconds / row.wallSeconds).toFixed(1)}x wall`
        : '';
    console.log(
      `| ${CASES[row.name].what} | ${row.side}${row.ok ? '' : ' (WRONG)'} | ${row.cpuSeconds.toFixed(1)} | ${row.wallSeconds.toFixed(1)} | ${row.peakMib.toFixed(0)} | ${row.downloads} | ${row.requests} | ${ratio} |`,
    );
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
