import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import {
  createAudioEngine,
  type PooledAudioEngine,
} from '#vachan/pipelines/recordings/audio/pool/create-audio-engine.js';
import { AudioDecoderCrashed, AudioError } from '#vachan/pipelines/recordings/errors.js';
import { peakMemoryMb } from './member-memory.js';
import { mutantOf, type Mutant } from './mutant.js';
import type { Original } from './mutations.js';

export interface FuzzOptions {
  originals: readonly Original[];
  seed: number;
  /** Damaged files at the most. */
  files: number;
  /** No further file is started after it. */
  deadlineMs?: number;
  poolSize: number;
  /** Where files that cost a process, or broke a promise, are kept. */
  findingsFolder: string;
  onProgress?: (done: number) => void;
  /** For tests that want a process to die. */
  openEngine?: typeof createAudioEngine;
}

/** A file worth looking at again. */
export interface Finding {
  /** Number of the file in its run, original and mutations. */
  label: string;
  what: string;
  keptAt: string;
}

export interface FuzzReport {
  /** No promise was broken: see `broken`. */
  ok: boolean;
  seed: number;
  files: number;
  seconds: number;
  /** How many ended in `features`, or in an error of which class. */
  ends: Record<string, number>;
  /** Cost their process, and nothing else: killed by a signal in native code, or by their timeout. */
  lostMembers: Finding[];
  /** Ended in anything but finite features or a named error. */
  broken: Finding[];
  slowestMs: number;
  /** Most resident memory of any pool process at any time; 0 where there is no /proc. */
  peakMemberMb: number;
  /** What was left in the scratch folder after the run. */
  leftBehind: string[];
}

/** Files of a few seconds need some milliseconds; a file that claims hours must be refused, not waited for. */
const EXTRACT_TIMEOUT_MS = 10_000;
/** A file's timeout, and the start of a new process before it. */
const ANSWER_TIMEOUT_MS = 45_000;
/** The pool replaces a member above 500 MB after a task; a task itself may not need much more. */
export const MOST_MEMBER_MB = 768;

/**
 * Runs damaged files through a real pool. Each must end in finite features or a named error; a native crash or a hang may
 * cost its process, which is reported, and never more than that: after the run whole files give what they gave before.
 */
export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const started = performance.now();
  const scratch = await mkdtemp(join(tmpdir(), 'vachan-fuzz-'));
  const engine = await (options.openEngine ?? createAudioEngine)({
    poolSize: options.poolSize,
    timeouts: { extractMs: EXTRACT_TIMEOUT_MS },
  });
  const report: FuzzReport = {
    ok: false,
    seed: options.seed,
    files: 0,
    seconds: 0,
    ends: {},
    lostMembers: [],
    broken: [],
    slowestMs: 0,
    peakMemberMb: 0,
    leftBehind: [],
  };
  try {
    const before = await fingerprints(engine, options.originals, scratch);
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < options.files && performance.now() - started < (options.deadlineMs ?? Infinity)) {
        await tryOne(engine, scratch, mutantOf(options.originals, options.seed, next++), options, report);
      }
    };
    await Promise.all(Array.from({ length: options.poolSize }, lane));
    const after = await fingerprints(engine, options.originals, scratch);
    options.originals.forEach(({ name }, index) => {
      if (before[index] === after[index]) return;
      report.broken.push({ label: name, what: 'answers differently after the run', keptAt: name });
    });
    report.leftBehind = await readdir(scratch);
    report.seconds = (performance.now() - started) / 1_000;
    report.ok =
      report.broken.length === 0 && report.leftBehind.length === 0 && report.peakMemberMb <= MOST_MEMBER_MB;
    return report;
  } finally {
    await engine.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What each whole file ends in. */
async function fingerprints(
  engine: PooledAudioEngine,
  originals: readonly Original[],
  scratch: string,
): Promise<string[]> {
  const ends: string[] = [];
  for (const { name, bytes } of originals) {
    const path = join(scratch, name);
    await writeFile(path, bytes);
    const end = await engine.extract(path).catch((error: unknown) => error);
    ends.push(
      end instanceof Error ? end.name : JSON.stringify([...(end as { features: Float64Array }).features]),
    );
    await rm(path);
  }
  return ends;
}

async function tryOne(
  engine: PooledAudioEngine,
  scratch: string,
  mutant: Mutant,
  { findingsFolder, onProgress }: FuzzOptions,
  report: FuzzReport,
): Promise<void> {
  // As downloads are named: without an extension that a demuxer could go by.
  const path = join(scratch, String(mutant.index));
  await writeFile(path, mutant.bytes);
  const started = performance.now();
  const end = await endOf(engine, path);
  report.slowestMs = Math.max(report.slowestMs, performance.now() - started);
  report.peakMemberMb = Math.max(report.peakMemberMb, ...engine.memberPids().map(peakMemoryMb));
  await rm(path);
  report.files++;
  report.ends[end.name] = (report.ends[end.name] ?? 0) + 1;
  if (end.finding) {
    await mkdir(findingsFolder, { recursive: true });
    const keptAt = join(findingsFolder, `seed-${report.seed}-file-${mutant.index}`);
    await writeFile(keptAt, mutant.bytes);
    const finding = { label: mutant.label, what: end.what, keptAt };
    (end.finding === 'broken' ? report.broken : report.lostMembers).push(finding);
  }
  onProgress?.(report.files);
}

interface End {
  /** `features`, or the error's class. */
  name: string;
  what: string;
  finding?: 'broken' | 'lost';
}

async function endOf(engine: PooledAudioEngine, path: string): Promise<End> {
  try {
    const { features } = await engine.extract(path, AbortSignal.timeout(ANSWER_TIMEOUT_MS));
    if (features.every(Number.isFinite)) return { name: 'features', what: '' };
    return { name: 'features', what: 'features are not finite', finding: 'broken' };
  } catch (error) {
    const { name, message } = error as Error;
    if (error instanceof AudioDecoderCrashed && error.cause === undefined) {
      return { name, what: message, finding: 'lost' };
    }
    // With a cause, the pool says that our own code met what it did not expect.
    const expected = error instanceof AudioError && !(error instanceof AudioDecoderCrashed);
    return { name, what: message, ...(!expected && { finding: 'broken' }) };
  }
}

/** Every recording of these folders; other files are left out, also those that tests need broken. */
export async function readOriginals(folders: readonly string[]): Promise<Original[]> {
  const audio = new Set([
    '.wav',
    '.mp3',
    '.m4a',
    '.mp4',
    '.ogg',
    '.opus',
    '.webm',
    '.flac',
    '.amr',
    '.3gp',
    '.aac',
    '.latm',
    '.aiff',
    '.caf',
  ]);
  const originals: Original[] = [];
  for (const folder of folders) {
    for (const name of (await readdir(folder)).sort()) {
      const bytes = audio.has(extname(name)) ? await readFile(join(folder, name)) : Buffer.alloc(0);
      if (bytes.length > 0) originals.push({ name, bytes });
    }
  }
  return originals;
}
