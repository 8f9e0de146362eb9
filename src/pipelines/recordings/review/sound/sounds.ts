import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { VachanError } from '../../../../platform/errors.js';
import type { DecodeLimits } from '../../audio/decode/audio-decoder.js';
import { AudioError } from '../../errors.js';
import { FAILURE_WORDS } from '../../report/page/words.js';
import { askChild } from '../../report/picture/ask-child.js';
import type { Picture } from '../../report/picture/draw-recording.js';
import type { SoundAnswer } from './sound-process.js';

/** A recording that can be played. */
export interface Sound {
  /** A mono WAV file of 16-bit samples: what the model heard, at the rate at which it heard it. */
  wave: Uint8Array;
  picture: Picture;
}

/** Why a recording cannot be played, as one sentence for the reviewer. */
export interface Unplayable {
  unplayable: string;
}

export interface SoundsOptions {
  /** Compiled `sound-process`. */
  entry: string;
  /** Where a recording lies until it is decoded. */
  folder: string;
  fetchAudio: (address: string, path: string, signal: AbortSignal) => Promise<unknown>;
  limits: DecodeLimits;
  timeoutMs: number;
  signal: AbortSignal;
}

/** The one that is heard, its neighbours, and one more for a second window. A WAV of the longest recording has 26 MB. */
const KEPT = 4;
/** Each has a core of its own while it is decoded. */
const AT_ONCE = 2;

export interface Sounds {
  /** Fetches and decodes; what was asked for lately is still there. Failures are not kept: asking again tries again. */
  get(address: string): Promise<Sound | Unplayable>;
}

/** Recordings as browsers play them, the latest few in memory. */
export function createSounds(options: SoundsOptions): Sounds {
  const limit = pLimit(AT_ONCE);
  // In the order in which they were asked for.
  const kept = new Map<string, Promise<Sound | Unplayable>>();
  let made = 0;

  const make = async (address: string): Promise<Sound | Unplayable> => {
    const path = join(options.folder, `recording-${made++}`);
    try {
      options.signal.throwIfAborted();
      await options.fetchAudio(address, path, options.signal);
      const { entry, limits, timeoutMs } = options;
      const answer = await askChild<SoundAnswer>(entry, { path, limits }, timeoutMs);
      return 'wave' in answer ? answer : { unplayable: inWords(answer.failure) };
    } catch (error) {
      if (error instanceof AudioError) return { unplayable: inWords(error.name) };
      // Messages of the family hold neither addresses nor secrets.
      if (error instanceof VachanError) return { unplayable: sentence(error.message) };
      throw error;
    } finally {
      await rm(path, { force: true });
    }
  };

  return {
    async get(address) {
      const known = kept.get(address) ?? limit(() => make(address));
      kept.delete(address);
      kept.set(address, known);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
      try {
        const sound = await known;
        if ('unplayable' in sound) kept.delete(address);
        return sound;
      } catch (error) {
        kept.delete(address);
        throw error;
      }
    },
  };
}

/** @param failure an error's class */
function inWords(failure: string): string {
  return sentence(FAILURE_WORDS[failure] ?? `it failed with ${failure}`);
}

const sentence = (why: string): string => `This recording cannot be played: ${why.replace(/\.$/, '')}.`;
