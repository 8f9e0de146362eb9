// What the processes of a bench use, by the part that each plays; from /proc, so on Linux only.
import { readFileSync, readdirSync } from 'node:fs';

const TICKS_PER_SECOND = 100;
const PAGE_MB = 4_096 / 1_024 / 1_024;

/**
 * The first that fits a process' command line names its part.
 *
 * @type {[string, RegExp][]}
 */
const PARTS = [
  ['guard', /^\/bin\/sh /],
  ['pool', /audio\/pool\/member\.js|pool\/.*member/],
  ['worker', /workers\/main\.js|stand-in-worker\.mjs/],
  ['peer', /service_peer\.py|multiprocessing/],
  ['temporal', /server start-dev/],
  ['sqs and s3', /fauxqs/],
  ['mongo', /secantus|mongod/],
  ['postgres', /postgres/],
];

/**
 * Processes that this one started, and theirs.
 *
 * @returns `{pid, part, cpuSeconds, rssMb}` each; empty where there is no /proc
 */
export function processesBelow(ancestor = process.pid) {
  const all = new Map();
  let names;
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  for (const name of names) {
    const found = readProcess(name);
    if (found !== undefined) all.set(found.pid, found);
  }
  const isBelow = ({ parent }) =>
    parent === ancestor || (all.has(parent) && parent > 1 && isBelow(all.get(parent)));
  return [...all.values()].filter(isBelow);
}

function readProcess(name) {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    // Fields after the command's name, which may hold anything: state, parent, …, user and system ticks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return {
      pid: Number(name),
      parent: Number(fields[1]),
      part: PARTS.find(([, pattern]) => pattern.test(command))?.[0] ?? 'other',
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
      rssMb: Number(readFileSync(`/proc/${name}/statm`, 'utf8').split(' ')[1]) * PAGE_MB,
    };
  } catch {
    // It ended while we looked.
    return undefined;
  }
}

/** Adds up processor time by part and keeps the highest memory of a part, over looks at what runs. */
export class ProcessMeter {
  #cpu = new Map();
  #before = new Map();
  peakRssMb = {};

  constructor() {
    this.look();
    // Time from before does not count.
    this.#cpu.clear();
  }

  /** Processes that end between two looks lose the time since the last one. */
  look() {
    const rss = {};
    for (const { pid, part, cpuSeconds, rssMb } of processesBelow()) {
      const spent = cpuSeconds - (this.#before.get(pid) ?? 0);
      this.#before.set(pid, cpuSeconds);
      this.#cpu.set(part, (this.#cpu.get(part) ?? 0) + spent);
      rss[part] = (rss[part] ?? 0) + rssMb;
    }
    for (const [part, mb] of Object.entries(rss)) {
      this.peakRssMb[part] = Math.max(this.peakRssMb[part] ?? 0, Math.round(mb));
    }
  }

  /** @returns seconds of processor time by part since the meter was made */
  cpuSeconds() {
    return Object.fromEntries([...this.#cpu].map(([part, seconds]) => [part, Number(seconds.toFixed(2))]));
  }
}
