import type { Inspection } from '#vachan/pipelines/exports/archive/inspect-archive.js';
import { countEnd, keepFinding, type Finding } from '../finding.js';
import { tryMutants, type FuzzOptions } from '../fuzz-run.js';
import type { Mutant } from '../mutant.js';
import type { Oracle, OracleAnswer } from './oracle.js';
import { pythonOracle } from './python-oracle.js';
import { startReader, type Reader } from './reader.js';
import { ZIP } from './zip-kind.js';
import { zipJsOracle } from './zip-js-oracle.js';

export interface ZipFuzzOptions extends FuzzOptions {
  /** For tests that want a reader to fail. */
  openReader?: () => Reader;
  openOracles?: () => Oracle[];
}

export interface ZipFuzzReport {
  ok: boolean;
  seed: number;
  files: number;
  seconds: number;
  /** How many archives ended in which reason, or in how many entries of which outcome. */
  ends: Record<string, number>;
  /** `disputed`: accepted here, and refused by one of the oracles. */
  entries: { accepted: number; refused: number; disputed: number };
  /** Crashed, hung, or ended in anything but an outcome. */
  broken: Finding[];
  /** Have an entry that is accepted here, and refused for its structure by every oracle. */
  lax: Finding[];
  slowestMs: number;
  /** Most resident memory of the reader's process; 0 where there is no /proc. */
  peakMb: number;
}

/** A bare process has 50 MB; the largest archive of the fuzz inflates to 100. */
export const MOST_READER_MB = 300;

/**
 * What an oracle does not support, or refuses by a policy of its own: says nothing of the archive's structure. The
 * version that is needed to extract an entry is a number that writers set at will, and either is right of an extra field
 * that overruns its header (cases.tsv, bad-extra-overrun): Python refuses the archive for it.
 */
const NOT_OF_STRUCTURE = /NotImplementedError|not supported|Unsafe filename|Unsupported|Corrupt extra field/i;

/**
 * Sends damaged archives through the reader. Each must end in an outcome, soon and in little memory, and an entry that it
 * accepts must be accepted by one of the oracles at least.
 */
export async function runZipFuzz(options: ZipFuzzOptions): Promise<ZipFuzzReport> {
  const started = performance.now();
  const reader = (options.openReader ?? startReader)();
  const oracles = (options.openOracles ?? (() => [zipJsOracle(), pythonOracle()]))();
  const report: ZipFuzzReport = {
    ok: false,
    seed: options.seed,
    files: 0,
    seconds: 0,
    ends: {},
    entries: { accepted: 0, refused: 0, disputed: 0 },
    broken: [],
    lax: [],
    slowestMs: 0,
    peakMb: 0,
  };
  try {
    await tryMutants(ZIP, options, { lanes: 1, started }, async (mutant) => {
      await tryOne(reader, oracles, options, mutant, report);
      options.onProgress?.(report.files);
    });
    report.peakMb = reader.peakMb();
    report.seconds = (performance.now() - started) / 1_000;
    report.ok = report.broken.length === 0 && report.lax.length === 0 && report.peakMb <= MOST_READER_MB;
    return report;
  } finally {
    reader.close();
    for (const oracle of oracles) oracle.close();
  }
}

async function tryOne(
  reader: Reader,
  oracles: readonly Oracle[],
  { seed, findingsFolder }: ZipFuzzOptions,
  mutant: Mutant,
  report: ZipFuzzReport,
): Promise<void> {
  const started = performance.now();
  const answer = await reader.read(mutant.bytes);
  report.slowestMs = Math.max(report.slowestMs, performance.now() - started);
  report.files++;
  if (answer.error !== undefined) {
    countEnd(report.ends, 'broken');
    report.broken.push(await keepFinding(findingsFolder, seed, mutant, answer.error));
    return;
  }
  const { inspection } = answer;
  for (const { refusal } of inspection.entries) report.entries[refusal ? 'refused' : 'accepted']++;
  countEnd(report.ends, endOf(inspection));
  const lax = await acceptedHereAlone(inspection, oracles, mutant.bytes, report);
  if (lax !== undefined) report.lax.push(await keepFinding(findingsFolder, seed, mutant, lax));
}

function endOf({ reason, entries }: Inspection): string {
  if (reason !== undefined) return reason;
  const reasons = new Set(entries.flatMap(({ refusal }) => (refusal ? [refusal.reason] : [])));
  return reasons.size === 0 ? 'read' : `entries: ${[...reasons].sort().join(', ')}`;
}

/** In words, the first entry that is accepted here and refused by every oracle. */
async function acceptedHereAlone(
  { entries }: Inspection,
  oracles: readonly Oracle[],
  archive: Buffer,
  report: ZipFuzzReport,
): Promise<string | undefined> {
  const accepted = entries.flatMap(({ directory, refusal }, n) => (directory || refusal ? [] : [n]));
  if (accepted.length === 0) return undefined;
  const answers: [Oracle, OracleAnswer][] = [];
  for (const oracle of oracles) answers.push([oracle, await oracle.read(archive)]);
  for (const n of accepted) {
    const refusals = answers.map(([{ name }, answer]) => ({ name, why: refusalOf(answer, n) }));
    if (refusals.some(({ why }) => why !== undefined)) report.entries.disputed++;
    if (refusals.every(({ why }) => why !== undefined && !NOT_OF_STRUCTURE.test(why))) {
      return `entry ${n}: ${refusals.map(({ name, why }) => `${name} says "${why}"`).join(', ')}`;
    }
  }
  return undefined;
}

function refusalOf({ refused, entries }: OracleAnswer, n: number): string | undefined {
  if (refused !== undefined) return refused;
  return n < entries.length ? entries[n] : `it has ${entries.length} entries`;
}
