import { AudioUndecodable } from '../../../errors.js';
import type { Bytes } from './bytes.js';

/** What a file's own bytes say of its sound. Nothing here is reckoned from a bit rate, a size or a first and last time. */
export interface SoundFacts {
  /** Where the sound ends in bytes by what the container states of it, if that is known; beyond the file, it was cut. */
  statedEnd?: number;
  /** Seconds of sound that a header states (FLAC; MP3 with a Xing or VBRI header). */
  statedSeconds?: number;
  /** Seconds that an MP4's edit list lets be heard: FFmpeg before version 6 goes on to the encoder's padding. */
  playedSeconds?: number;
  /** Bytes of sound in the file: what a decoder must be given, or sound is lost. */
  soundBytes?: number;
  /** What is to be decoded one after another, where that is not simply the file. */
  sections?: readonly SoundSection[];
}

/** A part of a file that is decoded as if it were a file. */
export interface SoundSection {
  /** In bytes. */
  start: number;
  end: number;
  /** FFmpeg's name of a demuxer that is to read it; unset, FFmpeg finds out. */
  format?: string;
  /** For a demuxer of samples without a header. */
  samples?: { sampleRate: number; channels: number };
}

/** Reads one kind of container. */
export type FactsReader = (bytes: Bytes) => SoundFacts;

/** Elements, boxes, chunks or pages that are walked: a file with more is a maze, not a recording. */
export const MAX_ELEMENTS = 1_000_000;
/** Sections of one file: each costs the start of a decoder. A recording of a night's radio has some dozens. */
const MAX_SECTIONS = 256;

/** @throws AudioUndecodable when a file is made of more sections than can be decoded one by one */
export function checkSections(count: number): void {
  if (count <= MAX_SECTIONS) return;
  throw new AudioUndecodable(
    `Audio cannot be decoded: it begins anew or changes its parameters more than ${MAX_SECTIONS} times`,
  );
}

/** Lengths that are stated once, for all that follows: writers that round them up are wrong by less; a cut is not. */
export const TOLERATED_MISSING_SHARE = 0.01;

/** Facts of a file that begins at `start` of another. */
export function shifted(facts: SoundFacts, start: number): SoundFacts {
  return {
    ...facts,
    ...(facts.statedEnd !== undefined && { statedEnd: start + facts.statedEnd }),
    ...(facts.sections && {
      sections: facts.sections.map((section) => ({
        ...section,
        start: start + section.start,
        end: start + section.end,
      })),
    }),
  };
}
