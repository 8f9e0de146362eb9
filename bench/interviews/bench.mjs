// Ten-minute interviews by a worker's own code and by a Python peer (cv2, MediaPipe, Silero, librosa), in turns on the same cores.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startContestant } from '../audio/contestant.mjs';
import { benchCache } from '../cache.mjs';
import { CASES, EVENTS, EVERY, LARGE } from './cases.mjs';
import { recordings } from './make-media.mjs';
import { setUpPeer } from './peer-setup.mjs';

export const options = (command, { wholeNumber }) =>
  command
    .option('--rounds <count>', 'times that each side takes each recording', wholeNumber(1))
    .option('--only <names>', `of ${NAMES.join(', ')}, separated by commas`, (text) => text.split(','))
    .option('--no-peer', 'our side alone');

const NAMES = [...Object.keys(CASES), 'large'];
const ROUNDS = 3;
const DAY_SECONDS = 86_400;
/** Of samples that may have another count of faces. */
const TOLERATED_COUNTS = 0.02;
/** Seconds by which an interval of adaptive sampling may differ. */
const TOLERATED_BOUNDARY = 1;

/** @returns `{ok, …}`: ok when both sides saw and heard what is in the recordings; how fast is said, not judged */
export async function run(root, { quick, rounds = quick ? 1 : ROUNDS, only = NAMES, peer: withPeer }) {
  const unknown = only.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) throw new Error(`No such case: ${unknown.join(', ')}`);
  const peer = withPeer ? setUpPeer(root) : { unavailable: 'it was not asked for' };
  if (peer.unavailable !== undefined) console.log(`Without the Python peer: ${peer.unavailable}.`);
  if (quick) console.log('Recordings of a minute: they show that all works, and no figures.');
  const made = recordings(root, benchCache(root, 'interviews'), quick);
  const warmUp = await recordings(root, benchCache(root, 'interviews'), true).h264();
  const rows = [];
  for (const name of only.filter((each) => each !== 'large')) {
    const path = await made[CASES[name].recording]();
    rows.push(...(await race(root, name, { path, warmUp, rounds, python: peer.python, quick })));
  }
  print(rows);
  const memory = only.includes('large') ? await readLarge(root, made, quick) : undefined;
  return {
    ok: [...rows, ...(memory ? [memory] : [])].every(({ wrong }) => wrong === undefined),
    quick,
    rounds,
    rows,
    memory,
  };
}

async function race(root, name, { path, warmUp, rounds, python, quick }) {
  const { cores, mode } = CASES[name];
  const sides = {
    ours: await startOurs(root, cores, 'off'),
  };
  if (python !== undefined)
    sides.peer = await startContestant(
      python,
      [join(root, 'bench/interviews/peer.py'), String(cores)],
      cores,
    );
  const task = (recording) => JSON.stringify({ path: recording, mode, every: EVERY, pitch: true });
  /** @type {Record<string, any[]>} */
  const measured = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
  // What is compiled and loaded while it runs is not measured.
  for (const contestant of Object.values(sides)) await contestant.ask(task(warmUp));
  for (let round = 0; round < rounds; round++) {
    for (const [side, contestant] of Object.entries(sides))
      measured[side].push(await contestant.ask(task(path)));
  }
  for (const contestant of Object.values(sides)) await contestant.quit();
  return Object.entries(measured).map(([side, results]) => ({
    ...{ name, side, rounds: results.length },
    cpuSeconds: median(results.map((result) => result.cpuSeconds)),
    wallSeconds: median(results.map((result) => result.wallSeconds)),
    peakMib: Math.max(...results.map((result) => result.peakMib)),
    samples: results.at(-1).samples,
    speechSeconds: results.at(-1).speechSeconds,
    wrong: quick ? undefined : whatIsWrong(name, side, results.at(-1)),
  }));
}

function startOurs(root, cores, transcriber) {
  const script = join(root, 'bench/interviews/ours.mjs');
  const needs = JSON.stringify({ cores, transcriber });
  return startContestant(process.execPath, [...nodeOptions(), script, needs], cores);
}

/** The memory that a large medium takes, of parent and child together. */
async function readLarge(root, made, quick) {
  const path = await made.large();
  const ours = await startOurs(root, 1, 'built_in');
  const result = await ours.ask(JSON.stringify({ path, mode: LARGE.mode, every: EVERY }));
  await ours.quit();
  rmSync(path);
  const { cpuSeconds, wallSeconds, peakMib, words } = result;
  const transcript =
    words === undefined ? 'no transcript: `npm run models` fetches its model' : `${words} words`;
  console.log(
    `\n${LARGE.what}${quick ? ' (64 MB)' : ''}: ${peakMib.toFixed(0)} MiB (aim: ${LARGE.most}), ${cpuSeconds.toFixed(1)} s of CPU, ${wallSeconds.toFixed(1)} s, ${transcript}.`,
  );
  return {
    cpuSeconds,
    wallSeconds,
    peakMib,
    words,
    wrong: quick ? undefined : whatIsWrong('h264', 'ours', result),
  };
}

/** By the labels of the files that a recording is made of. */
function whatIsWrong(name, side, { counts, samples, video, speechSeconds }) {
  if (!(speechSeconds > 0)) return 'no speech was heard';
  if (side === 'peer') return undefined;
  if (CASES[name].recording === 'events') return wrongIntervals(video.faces.multiple);
  const others = samples - counts[1];
  if (others > TOLERATED_COUNTS * samples) return `${others} of ${samples} samples have not one face`;
  if (video.faces.coverage.ratio < 0.99)
    return `only ${video.faces.coverage.ratio} of the picture was measured`;
  return undefined;
}

function wrongIntervals(found) {
  const near = (one, other) => Math.abs(one - other) <= TOLERATED_BOUNDARY;
  const same =
    found.length === EVENTS.length &&
    EVENTS.every(({ start, end }, index) => near(found[index].start, start) && near(found[index].end, end));
  return same ? undefined : `two faces were found in ${JSON.stringify(found)}`;
}

/** As a worker's process has them. */
const nodeOptions = () => [
  '--max-old-space-size=512',
  '--max-semi-space-size=8',
  '--single-threaded-gc',
  '--disable-warning=NodeVersionSupportWarning',
];

function print(rows) {
  console.log(
    '\n| recording | side | CPU s | wall s | peak MiB | samples | speech s | | aim |\n|---|---|--:|--:|--:|--:|--:|---|---|',
  );
  for (const row of rows) {
    const { what, by, least } = CASES[row.name];
    const peer = rows.find(({ name, side }) => name === row.name && side === 'peer');
    const ratio = row.side === 'ours' && peer !== undefined ? peer[by] / row[by] : undefined;
    const kind = by === 'cpuSeconds' ? 'CPU' : 'wall';
    console.log(
      `| ${what} | ${row.side}${row.wrong ? ' (WRONG)' : ''} | ${row.cpuSeconds.toFixed(1)} | ${row.wallSeconds.toFixed(1)} | ${row.peakMib.toFixed(0)} | ${row.samples} | ${row.speechSeconds.toFixed(1)} | ${ratio === undefined ? '' : `${ratio.toFixed(1)}x ${kind}`} | ${ratio === undefined ? '' : `>= ${least}x${ratio >= least ? '' : ' (missed)'}`} |`,
    );
    if (row.wrong) console.log(`  ${row.wrong}`);
  }
  const alone = rows.find(({ name, side }) => name === 'h264' && side === 'ours');
  const together = rows.find(({ name, side }) => name === 'cores' && side === 'ours');
  if (alone !== undefined) {
    console.log(
      `\nInterviews of ten minutes a day on one core: ${Math.floor(DAY_SECONDS / alone.cpuSeconds)} (aim: 4,000).`,
    );
  }
  if (alone !== undefined && together !== undefined) {
    console.log(
      `Two cores against one: ${(alone.wallSeconds / together.wallSeconds).toFixed(2)}x (aim: 1.8x).`,
    );
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
