import { countEnd, keepFinding, printEnds, printFindings, type Finding } from './finding.js';
import type { FuzzOptions } from './fuzz-run.js';
import type { Mutant } from './mutant.js';
import { peakMemoryMb } from './peak-memory.js';

/** Of a run through a pool, which keeps files that cost a process or broke a promise. */
export interface PoolFuzzOptions extends FuzzOptions {
  poolSize: number;
}

export interface PoolFuzzReport {
  /** No promise was broken: see `broken`. */
  ok: boolean;
  seed: number;
  files: number;
  seconds: number;
  /** How many ended in which result or error: see `End.name`. */
  ends: Record<string, number>;
  /** Cost their process, and nothing else: it crashed in native code, or ran into a timeout. */
  lostMembers: Finding[];
  /** Ended in what the kind of files must not end in. */
  broken: Finding[];
  slowestMs: number;
  /** Most resident memory of any pool process at any time; 0 where there is no /proc. */
  peakMemberMb: number;
}

/** What a damaged file came to. */
export interface End {
  /** Of the result, or of the error or refusal in its place. */
  name: string;
  what: string;
  finding?: 'broken' | 'lost';
}

/** Of a run that has tried no file yet. */
export function newPoolReport(seed: number): PoolFuzzReport {
  return {
    ok: false,
    seed,
    files: 0,
    seconds: 0,
    ends: {},
    lostMembers: [],
    broken: [],
    slowestMs: 0,
    peakMemberMb: 0,
  };
}

/** Has a damaged file read by a pool, and writes its end, time and memory into the report. */
export async function tryInPool(
  pool: { memberPids(): readonly number[] },
  mutant: Mutant,
  { findingsFolder, onProgress }: PoolFuzzOptions,
  report: PoolFuzzReport,
  read: () => Promise<End>,
): Promise<void> {
  const started = performance.now();
  const end = await read();
  report.slowestMs = Math.max(report.slowestMs, performance.now() - started);
  report.peakMemberMb = Math.max(report.peakMemberMb, ...pool.memberPids().map(peakMemoryMb));
  report.files++;
  countEnd(report.ends, end.name);
  if (end.finding) {
    const finding = await keepFinding(findingsFolder, report.seed, mutant, end.what);
    (end.finding === 'broken' ? report.broken : report.lostMembers).push(finding);
  }
  onProgress?.(report.files);
}

/** @param brokenTitle what files of `broken` ended in */
export function printPoolReport(
  print: (line: string) => void,
  report: PoolFuzzReport,
  brokenTitle: string,
): void {
  print(`\n${report.files} files in ${report.seconds.toFixed(1)} s (seed ${report.seed})`);
  printEnds(print, report.ends);
  print(
    `Slowest file ${(report.slowestMs / 1_000).toFixed(2)} s; largest process ${report.peakMemberMb.toFixed(0)} MB`,
  );
  printFindings(print, 'Cost their process, and only that', report.lostMembers);
  printFindings(print, brokenTitle, report.broken);
}
