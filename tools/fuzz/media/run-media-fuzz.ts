import {
  createMediaEngine,
  type PooledMediaEngine,
} from '#vachan/pipelines/interviews/media/create-media-engine.js';
import { MediaProcessLost, MediaRefused } from '#vachan/pipelines/interviews/media/media-errors.js';
import type { MediaPass } from '#vachan/pipelines/interviews/media/media-engine.js';
import type { MediaSource } from '#vachan/pipelines/interviews/media/media-source.js';
import { tryMutants } from '../fuzz-run.js';
import type { Original } from '../mutations.js';
import {
  newPoolReport,
  tryInPool,
  type End,
  type PoolFuzzOptions,
  type PoolFuzzReport,
} from '../pool-fuzz.js';
import { originalsIn } from '../originals-in.js';
import { peakMemoryMb } from '../peak-memory.js';
import { openCanaries, type Canaries } from './canaries.js';
import { mediaKind } from './media-kind.js';

export interface MediaFuzzOptions extends PoolFuzzOptions {
  /** Folder of all models. */
  models: string;
}

/** A file of seconds takes a second or two; one that makes a decoder hang must not hold the run up. */
const SILENCE_MS = 20_000;
/** Of a member with its models. */
export const MOST_MEMBER_MB = 900;
/** Pictures are measured far apart: it is the reading that is tried. */
const SAMPLE_EVERY_SECONDS = 4;

/**
 * Runs damaged media through a real pool, reading and sampling each. Broken is what ends in anything but finite measures or
 * a refusal, asks for bytes that the medium does not have, or follows an address or a path that it names; and a process that was
 * larger than it may be.
 */
export async function runMediaFuzz(options: MediaFuzzOptions): Promise<PoolFuzzReport> {
  const started = performance.now();
  const engine = await createMediaEngine({
    size: options.poolSize,
    models: options.models,
    transcriber: 'off',
    silenceMs: SILENCE_MS,
    memoryMb: MOST_MEMBER_MB,
  });
  const report = newPoolReport(options.seed);
  const canaries = await openCanaries();
  try {
    const kind = mediaKind(canaries.references);
    await tryMutants(kind, options, { lanes: options.poolSize, started }, (mutant) =>
      tryInPool(engine, mutant, options, report, async () => {
        const end = await endOf(engine, mutant.bytes);
        return (await touchedBy(canaries, engine)) ?? end;
      }),
    );
    report.seconds = (performance.now() - started) / 1_000;
    report.ok = report.broken.length === 0;
    return report;
  } finally {
    await engine.close();
    await canaries.close();
  }
}

/** Of several files at a time, the one that is looked at first is blamed. */
async function touchedBy(canaries: Canaries, engine: PooledMediaEngine): Promise<End | undefined> {
  const largestMb = Math.max(0, ...engine.memberPids().map(peakMemoryMb));
  const touched = await canaries.look();
  if (touched !== undefined) return { name: 'touched', what: touched, finding: 'broken' };
  return largestMb > MOST_MEMBER_MB
    ? { name: 'memory', what: `a process of ${largestMb.toFixed(0)} MB`, finding: 'broken' }
    : undefined;
}

/** `measures`, or the reason of a refusal. */
async function endOf(engine: PooledMediaEngine, bytes: Buffer): Promise<End> {
  let wrongRange: string | undefined;
  const source: MediaSource = {
    size: bytes.length,
    etag: '"damaged"',
    read(from, to) {
      if (!(from >= 0 && from < to && to <= bytes.length)) wrongRange = `asked for bytes ${from} to ${to}`;
      return Promise.resolve(bytes.subarray(from, to));
    },
    close: () => Promise.resolve(),
  };
  try {
    const pass = await engine.pass(source, { sampleEvery: SAMPLE_EVERY_SECONDS });
    const { facts } = pass;
    const every = SAMPLE_EVERY_SECONDS;
    // A part from the middle, which is entered at a keyframe.
    const from = Math.ceil((facts.video?.start ?? 0) / every + 1) * every;
    const part = facts.video && (await engine.sampleVideo(source, facts, { from, to: from + every, every }));
    const wrong = wrongRange ?? wrongIn(pass) ?? wrongIn({ samples: part });
    return { name: 'measures', what: wrong ?? '', ...(wrong !== undefined && { finding: 'broken' }) };
  } catch (error) {
    if (wrongRange !== undefined) return { name: 'range', what: wrongRange, finding: 'broken' };
    if (error instanceof MediaRefused) return { name: `refused: ${error.reason}`, what: error.message };
    const { name, message } = error as Error;
    return { name, what: message, finding: error instanceof MediaProcessLost ? 'lost' : 'broken' };
  }
}

/** @returns what cannot be: a number that JSON has no word for, or times that run backwards */
function wrongIn({
  facts,
  audio,
  samples,
}: {
  [Key in keyof MediaPass]?: MediaPass[Key] | undefined;
}): string | undefined {
  const strange = unfinite({ facts, audio, samples }, 'pass');
  if (strange !== undefined) return `${strange} is no finite number`;
  if (facts !== undefined && facts.duration < 0) return `a duration of ${facts.duration} s`;
  const isOrdered = (samples ?? []).every(({ k }, index, all) => index === 0 || k > all[index - 1]!.k);
  return isOrdered ? undefined : 'samples are not in order';
}

function unfinite(value: unknown, path: string): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = unfinite(inner, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const EXTENSIONS = [
  ...['.mp4', '.m4a', '.mov', '.3gp', '.mkv', '.webm', '.wav', '.mp3', '.ogg', '.opus', '.flac', '.aac'],
  ...['.latm', '.amr', '.aiff', '.caf'],
];

/** Every medium of a folder that is not too large to be damaged often; other files are left out. */
export async function readMediaOriginals(folder: string, mostBytes: number): Promise<Original[]> {
  return originalsIn(folder, EXTENSIONS, mostBytes);
}
