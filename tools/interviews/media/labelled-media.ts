import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { completed, type Bounds, type CompletedOutcome, type KnownMedium } from './expected-outcome.js';
import { mediaFolder } from './known-media.js';

/** What stands beside a labelled file, as far as it is asked for here. */
export interface Truth {
  duration_s: number;
  video?: { width: number; height: number; face_present_ratio: number; multiple_faces_ratio: number };
  audio: { speech_seconds: number; pauses_over_500ms: readonly unknown[] };
}

export const LABELLED = [
  'labelled/h01_one_face.mp4',
  'labelled/h03_second_face_6_14.mp4',
  'labelled/h04_head_turns_mediarecorder.webm',
  'labelled/h08_fast_220.m4a',
  'labelled/h10_pauses.webm',
] as const;

/** Containers and encoders round durations to frames. */
const DURATION_SECONDS = 0.15;
/** Of the samples that may count another number of faces. */
const COUNT_RATIO = 0.02;
const SPEECH_RATIO = 0.03;

const around = (value: number, by: number): Bounds => [value - by, value + by];

/** How a job ends with a labelled file. */
export function labelledMedium(file: (typeof LABELLED)[number]): KnownMedium {
  const truth = JSON.parse(readFileSync(join(mediaFolder(), `${file}.truth.json`), 'utf8')) as Truth;
  const audio = audioMeasures(truth);
  const { video } = truth;
  if (video === undefined) return { file, outcomes: { audio: completed(audio) } };
  return {
    file,
    outcomes: {
      audio: completed(audio),
      video: completed({
        ...audio,
        'media.video.width': [video.width, video.width],
        'media.video.height': [video.height, video.height],
        'video.faces.face_present_ratio': around(video.face_present_ratio, COUNT_RATIO),
        'video.faces.multiple_faces_ratio': around(video.multiple_faces_ratio, COUNT_RATIO),
      }),
    },
  };
}

function audioMeasures({ duration_s: seconds, audio }: Truth): CompletedOutcome['measures'] {
  const { speech_seconds: speech, pauses_over_500ms: pauses } = audio;
  return {
    'media.duration': around(seconds, DURATION_SECONDS),
    'speech.speech_seconds': around(speech, speech * SPEECH_RATIO),
    'speech.pauses': [pauses.length, pauses.length],
  };
}
