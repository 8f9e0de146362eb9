import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createAudioEngine,
  type PooledAudioEngine,
} from '#vachan/pipelines/recordings/audio/pool/create-audio-engine.js';
import { AudioDecoderCrashed, AudioError } from '#vachan/pipelines/recordings/errors.js';
import { AUDIO } from './audio-kind.js';
import { tryMutants } from '../fuzz-run.js';
import type { Mutant } from '../mutant.js';
import type { Original } from '../mutations.js';
import {
  newPoolReport,
  tryInPool,
  type End,
  type PoolFuzzOptions,
  type PoolFuzzReport,
} from '../pool-fuzz.js';
import { originalsIn } from '../originals-in.js';

export interface AudioFuzzOptions extends PoolFuzzOptions {
  /** For tests that want a process to die. */
  openEngine?: typeof createAudioEngine;
}

/** Broken is what ended in anything but finite features or a named error. */
export interface AudioFuzzReport extends PoolFuzzReport {
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
export async function runAudioFuzz(options: AudioFuzzOptions): Promise<AudioFuzzReport> {
  const started = performance.now();
  const scratch = await mkdtemp(join(tmpdir(), 'vachan-fuzz-'));
  const engine = await (options.openEngine ?? createAudioEngine)({
    poolSize: options.poolSize,
    timeouts: { extractMs: EXTRACT_TIMEOUT_MS },
  });
  const report: AudioFuzzReport = { ...newPoolReport(options.seed), leftBehind: [] };
  try {
    const before = await fingerprints(engine, options.originals, scratch);
    await tryMutants(AUDIO, options, { lanes: options.poolSize, started }, (mutant) =>
      tryOne(engine, scratch, mutant, options, report),
    );
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
  options: AudioFuzzOptions,
  report: AudioFuzzReport,
): Promise<void> {
  // As downloads are named: without an extension that a demuxer could go by.
  const path = join(scratch, String(mutant.index));
  await writeFile(path, mutant.bytes);
  await tryInPool(engine, mutant, options, report, () => endOf(engine, path));
  await rm(path);
}

/** `features`, or the error's class. */
async function endOf(engine: PooledAudioEngine, path: string): Promise<End> {
  try {
    const { features } = await engine.extract(path, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
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

const EXTENSIONS = [
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
];

/** Every recording of these folders; other files are left out, also those that tests need broken. */
export async function readOriginals(folders: readonly string[]): Promise<Original[]> {
  const originals: Original[] = [];
  for (const folder of folders) originals.push(...(await originalsIn(folder, EXTENSIONS)));
  return originals;
}
