import { plural } from '../../../platform/page/words.js';
import type { InterviewResult } from '../contract/result.js';

export type MeasureLine = readonly [name: string, value: string];

/** A result in a few lines, for a terminal. What was not measured is not there. */
export function measureLines(
  result: Pick<
    InterviewResult,
    'media' | 'warnings' | 'video' | 'audio' | 'speech' | 'transcript' | 'content'
  >,
): MeasureLine[] {
  return [
    ...mediumLines(result),
    ...videoLines(result),
    ...audioLines(result),
    ...speechLines(result),
    ...wordLines(result),
  ];
}

function mediumLines({ media, warnings }: Pick<InterviewResult, 'media' | 'warnings'>): MeasureLine[] {
  const { container, duration, stated_duration: stated, video, audio } = media;
  const picture =
    video &&
    `${video.codec} ${video.width}×${video.height}${video.rotation === 0 ? '' : `, turned ${video.rotation}°`}`;
  const sound = audio && `${audio.codec} ${audio.rate / 1000} kHz`;
  const differs =
    stated === null
      ? ', states no duration'
      : Math.abs(stated - duration) > 1
        ? `, states ${stated.toFixed(1)} s`
        : '';
  return [
    [
      'Medium',
      `${[container, picture, sound].filter((part) => part !== undefined).join(', ')}; ${duration.toFixed(1)} s${differs}`,
    ],
    ...(warnings.length === 0
      ? []
      : ([['Warnings', warnings.map((word) => word.replaceAll('_', ' ')).join(', ')]] as const)),
  ];
}

function videoLines({ video }: Pick<InterviewResult, 'video'>): MeasureLine[] {
  if (video === undefined) return [];
  const { faces, head, eyes, picture } = video;
  const most = faces.seconds_by_count.at(-1)?.faces;
  return [
    [
      'Face',
      `present ${percent(faces.face_present_ratio)}; ${plural(faces.absent.length, 'absence')}${most !== undefined && most > 1 ? `; up to ${most} faces` : ''}`,
    ],
    [
      'Head',
      `turned ${percent(head.turned_ratio)} of the seconds with a pose; ${plural(head.turns.length, 'turn')}`,
    ],
    ['Eyes', `off their median ${percent(eyes.off_ratio)}`],
    [
      'Picture',
      `brightness ${figure(picture.brightness.median, 2)}; dark ${percent(picture.dark_ratio)}; frozen ${percent(picture.frozen_ratio)}`,
    ],
  ];
}

function audioLines({ audio }: Pick<InterviewResult, 'audio'>): MeasureLine[] {
  if (audio === undefined) return [];
  if (audio.digital_silence) return [['Sound', 'digital silence']];
  return [
    [
      'Sound',
      `${figure(audio.integrated_lufs, 1)} LUFS; true peak ${figure(audio.true_peak_dbtp, 1)} dBTP; SNR ${figure(audio.snr_db, 0)} dB; clipped ${percent(audio.clipped_ratio)}`,
    ],
  ];
}

function speechLines({ speech }: Pick<InterviewResult, 'speech'>): MeasureLine[] {
  if (speech === undefined) return [];
  const {
    speech_seconds: seconds,
    speech_ratio: ratio,
    pause_count: pauses,
    longest_pause_seconds: longest,
    pitch,
    rate,
    fillers,
  } = speech;
  return [
    [
      'Speech',
      `${seconds.toFixed(1)} s (${percent(ratio)}); ${plural(pauses, 'pause')}${pauses > 0 ? `, the longest ${longest.toFixed(1)} s` : ''}`,
    ],
    ...(pitch === null
      ? []
      : ([
          ['Pitch', `${pitch.median_hz.toFixed(0)} Hz, over ${pitch.range_semitones.toFixed(1)} semitones`],
        ] as const)),
    ...(rate === null
      ? []
      : ([
          [
            'Rate',
            `${rate.words_per_minute.toFixed(0)} words a minute${fillers === null ? '' : `; ${plural(fillers.count, 'filler')}`}`,
          ],
        ] as const)),
  ];
}

function wordLines({ transcript, content }: Pick<InterviewResult, 'transcript' | 'content'>): MeasureLine[] {
  if (transcript === undefined) return [];
  if ('absent' in transcript) return [['Transcript', `none: ${transcript.absent.replaceAll('_', ' ')}`]];
  const covered = content === undefined || 'absent' in content ? [] : content.questions;
  const points = covered.flatMap(({ key_points }) => key_points);
  return [
    ['Transcript', `${plural(transcript.words, 'word')}, ${transcript.language}`],
    ...(points.length === 0
      ? []
      : ([
          ['Key points', `${points.filter((point) => point.covered).length} of ${points.length} covered`],
        ] as const)),
  ];
}

const figure = (value: number | null, decimals: number): string =>
  value === null ? 'unknown' : value.toFixed(decimals);
/** `73 %`; below a tenth with a decimal. */
export const percent = (ratio: number | null): string =>
  ratio === null ? 'unknown' : `${(100 * ratio).toFixed(ratio > 0 && ratio < 0.1 ? 1 : 0)} %`;
