import { join } from 'node:path';
import { projectRoot } from '../../stack/folders.js';
import {
  completed,
  failed,
  type Bounds,
  type CompletedOutcome,
  type KnownMedium,
} from './expected-outcome.js';

/** Where the files lie, with a README that says what each is. */
export const mediaFolder = (): string => join(projectRoot(), 'test', 'fixtures', 'interviews');

const ONE_FACE: CompletedOutcome['measures'] = {
  'video.faces.face_present_ratio': [1, 1],
  'video.faces.multiple_faces_ratio': [0, 0],
};
const seconds = (...bounds: Bounds): CompletedOutcome['measures'] => ({ 'media.duration': bounds });
const samples = (...bounds: Bounds): CompletedOutcome['measures'] => ({ 'video.sampling.taken': bounds });

const LIVE = completed({ ...ONE_FACE, ...seconds(9.9, 10.1), ...samples(10, 11) });
/** Of 152 pictures, the last of which are beyond the edit list of the index; in fragments there is none, and it begins later. */
const TWIN = completed({ ...ONE_FACE, ...seconds(10, 10.5), ...samples(10, 11) });
const CODEC = completed({ ...ONE_FACE, ...seconds(5.9, 6.3), ...samples(6, 7) });

/** Small files from public reports: the README's last column, as far as a result shows it. */
export const REPORTED: readonly KnownMedium[] = [
  { file: 'c01_mediarecorder_live.webm', outcomes: { video: LIVE } },
  { file: 'c02_moov_at_end.mp4', outcomes: { video: TWIN } },
  { file: 'c02_faststart_twin.mp4', outcomes: { video: TWIN } },
  { file: 'c02_fragmented_twin.mp4', outcomes: { video: TWIN } },
  { file: 'c03_vfr.webm', outcomes: { video: completed({ ...ONE_FACE, ...seconds(11.9, 12.1) }) } },
  {
    file: 'c04_rotated_270.mp4',
    outcomes: {
      video: completed({
        ...ONE_FACE,
        ...{ 'media.video.width': [406, 406], 'media.video.height': [720, 720] },
        'video.head.own_median.roll': [-10, 10],
      }),
    },
  },
  {
    file: 'c05_audio_only_live.webm',
    outcomes: { audio: completed(seconds(5.9, 6.1)), video: failed(/no video stream/i) },
  },
  {
    file: 'c06_digital_silence.m4a',
    outcomes: {
      audio: completed({
        ...seconds(59.9, 60.2),
        ...{ 'speech.speech_seconds': [0, 0], 'speech.intervals': [0, 0], 'audio.digital_silence': [1, 1] },
      }),
    },
  },
  { file: 'c08_empty.mp4', outcomes: { video: failed(/the object is empty/) } },
  { file: 'c08_cut_no_moov.mp4', outcomes: { video: failed(/index/i) } },
  {
    file: 'c10_video_ends_early.mp4',
    outcomes: {
      video: completed({
        ...ONE_FACE,
        ...seconds(11.9, 12.1),
        ...{ 'media.video.seconds': [5.9, 6.3], 'media.audio.seconds': [11.9, 12.1] },
      }),
    },
  },
  {
    file: 'c10_audio_starts_late.mp4',
    outcomes: {
      video: completed({
        ...ONE_FACE,
        'speech.first_speech_seconds': [0, 2],
        'speech.intervals.0.start': [3, 6],
      }),
    },
  },
  { file: 'c12_hevc.mov', outcomes: { video: CODEC } },
  { file: 'c12_vp9.webm', outcomes: { video: CODEC } },
  { file: 'c12_av1.mp4', outcomes: { video: CODEC } },
  { file: 'c12_h264.mkv', outcomes: { video: CODEC } },
  { file: 'c13_hls_local_file.mp4', outcomes: { video: failed(/not a known container/i) } },
  { file: 'c13_bomb_16000x16000.mp4', outcomes: { video: failed(/picture too large/i) } },
  {
    file: 'c15_speech_on_right_only.mp4',
    outcomes: { video: completed({ ...ONE_FACE, 'speech.speech_seconds': [1, Infinity] }) },
  },
  {
    file: 'c16_chromium_webm_vp8.webm',
    outcomes: {
      video: completed({ ...ONE_FACE, ...seconds(13.9, 14.1), 'speech.speech_seconds': [11, 13] }),
    },
  },
  {
    file: 'c16_chromium_audio_webm.webm',
    outcomes: { audio: completed({ ...seconds(13.9, 14.1), 'speech.speech_seconds': [11, 13] }) },
  },
];
