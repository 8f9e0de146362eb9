import type { AudioSecond, LevelPart, PitchPart } from '../../contract/audio-part.js';
import { FRAME_SAMPLES } from '../../models/speech/speech-segments.js';
import type { KeptSound } from './kept-sound.js';
import { countLevel, medianLevel, newLevelCounts } from './level-counts.js';
import { countPitch, newPitchCounts } from './pitch-counts.js';
import { PITCH_SAMPLES, pitchOf } from './pitch.js';

/** Levels below are given as this one. */
const LOWEST_LEVEL_DB = -120;
/** A frame is speech among speech, or quiet among quiet, by so many frames on each side; what lies between them is neither. */
const SURE_OF_SPEECH = { probability: 0.5, neighbours: 1 };
const SURE_OF_QUIET = { probability: 0.15, neighbours: 4 };
const MOST_NEIGHBOURS = Math.max(SURE_OF_SPEECH.neighbours, SURE_OF_QUIET.neighbours);

/** What is counted of frames of 32 ms: levels with and without speech, pitch, and what each second is like. */
export interface FrameMeasures {
  /**
   * @param probability of speech in the next frame
   * @param time of its middle, in seconds on the container's clock; undefined for silence that fills a gap
   */
  next(probability: number, sound: KeptSound, time: number | undefined): void;
  /** Median level of frames without speech so far, in dB of full scale; null where that is not known. */
  noiseLevel(): number | null;
  finish(): Pick<LevelPart, 'speech_levels' | 'quiet_levels'> & {
    pitch: PitchPart;
    seconds: Omit<AudioSecond, 'speech'>[];
  };
}

export function startFrameMeasures(): FrameMeasures {
  const [speechLevels, quietLevels, pitches] = [newLevelCounts(), newLevelCounts(), newPitchCounts()];
  const seconds: Omit<AudioSecond, 'speech'>[] = [];
  let second: { k: number; frames: number; energy: number; pitches: number[] } | undefined;
  let frame = 0;
  /** The last frames: the middle one is judged. */
  const recent: { probability: number; db: number; heard: boolean }[] = [];

  const judge = (): void => {
    const middle = recent[MOST_NEIGHBOURS];
    if (!middle?.heard) return;
    const around = (neighbours: number) =>
      recent.slice(MOST_NEIGHBOURS - neighbours, MOST_NEIGHBOURS + neighbours + 1);
    if (around(SURE_OF_SPEECH.neighbours).every(({ probability: p }) => p >= SURE_OF_SPEECH.probability)) {
      countLevel(speechLevels, middle.db);
    } else if (
      around(SURE_OF_QUIET.neighbours).every(({ probability: p }) => p < SURE_OF_QUIET.probability)
    ) {
      countLevel(quietLevels, middle.db);
    }
  };
  const add = (one: { probability: number; db: number; heard: boolean }): void => {
    recent.push(one);
    if (recent.length > 2 * MOST_NEIGHBOURS + 1) recent.shift();
    judge();
  };
  const closeSecond = (): void => {
    if (second === undefined) return;
    const { k, energy, frames, pitches: found } = second;
    const middle = found.sort((a, b) => a - b)[found.length >> 1];
    seconds.push({
      k,
      level_db: rounded(decibels(energy / frames)),
      pitch_hz: middle === undefined ? null : rounded(middle),
    });
  };

  return {
    next(probability, sound, time) {
      const start = frame++ * FRAME_SAMPLES;
      const energy = meanSquare(sound.slice(start, start + FRAME_SAMPLES));
      add({ probability, db: decibels(energy), heard: time !== undefined });
      if (time === undefined) return;
      const k = Math.floor(time);
      if (second?.k !== k) {
        closeSecond();
        second = { k, frames: 0, energy: 0, pitches: [] };
      }
      second.frames++;
      second.energy += energy;
      if (probability < SURE_OF_SPEECH.probability) return;
      pitches.frames++;
      // A look takes more samples than a frame has; those before it are there, however the sound comes.
      const end = start + FRAME_SAMPLES;
      const pitch = pitchOf(sound.slice(end - PITCH_SAMPLES, end));
      if (pitch === undefined) return;
      countPitch(pitches, pitch);
      second.pitches.push(pitch);
    },
    noiseLevel: () => medianLevel(quietLevels),
    finish() {
      for (let missing = 0; missing < MOST_NEIGHBOURS; missing++) {
        add({ probability: 0, db: LOWEST_LEVEL_DB, heard: false });
      }
      closeSecond();
      return { speech_levels: speechLevels, quiet_levels: quietLevels, pitch: pitches, seconds };
    },
  };
}

function meanSquare(samples: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += samples[index]! ** 2;
  return sum / samples.length;
}

const decibels = (meanSquareOf: number): number =>
  meanSquareOf > 0 ? Math.max(LOWEST_LEVEL_DB, 10 * Math.log10(meanSquareOf)) : LOWEST_LEVEL_DB;

const rounded = (value: number): number => Math.round(value * 100) / 100;
