import { completed, failed, type CompletedOutcome } from '../../interviews/media/expected-outcome.js';
import { LABELLED } from '../../interviews/media/labelled-media.js';
import { fixture, knownMedium, mediumOf, outcomeOf } from '../../interviews/known-medium.js';
import type { SeededInterview, SeededMedium } from '../../interviews/seeded-interview.js';

/** Keys of these name their interview, as `INTERVIEW_KEY_PATTERN` of the demo reads them. */
export const KEY_PATTERN = '^uploads/(?<interview_id>[^/]+)/(?<interview_type>video|audio)/';

export const LARGE_INTERVIEW = 'iv-large';
export const LATE_INTERVIEW = 'iv-late';
export const REPLACED_INTERVIEW = 'iv-replaced';

/** The recording of a gigabyte: what it is made of, and how it must end. */
export interface LargeMedium {
  path: string;
  outcome: CompletedOutcome;
}

/** Twelve interviews, and what must become of each. */
export function planInterviews(large: LargeMedium | undefined): SeededInterview[] {
  return [
    interview('one face, who speaks', 'iv-plain', [knownMedium('video', 'labelled/h01_one_face.mp4')]),
    interview(
      'a browser’s WebM, picture and sound apart',
      'iv-browser',
      [
        knownMedium('video', 'c16_chromium_webm_vp8.webm'),
        knownMedium('audio', 'c16_chromium_audio_webm.webm'),
      ],
      { saysHowMany: true },
    ),
    interview('a phone’s turned video, of which S3 alone tells', 'iv-phone', [
      { ...knownMedium('video', 'c04_rotated_270.mp4'), door: 's3_event' },
    ]),
    interview('a second face comes and goes', 'iv-two-faces', [
      knownMedium('video', 'labelled/h03_second_face_6_14.mp4'),
    ]),
    interview('the head turns; written live', 'iv-turns', [
      knownMedium('video', 'labelled/h04_head_turns_mediarecorder.webm'),
    ]),
    interview(
      'sound alone, with long pauses',
      'iv-pauses',
      [knownMedium('audio', 'labelled/h10_pauses.webm')],
      {
        questions: [
          {
            text: 'What would you do first?',
            key_points: ['talk to the team', 'write down what went wrong'],
          },
        ],
      },
    ),
    interview('comes late, and S3 tells of it', LATE_INTERVIEW, [
      { ...knownMedium('audio', 'labelled/h08_fast_220.m4a'), isLate: true },
    ]),
    interview('never comes', 'iv-never', [mediumOf('video', 'never.mp4', failed(/there is no such object/))]),
    interview('a cut upload', 'iv-cut', [knownMedium('video', 'c08_cut_no_moov.mp4')]),
    interview('a playlist in disguise', 'iv-playlist', [knownMedium('video', 'c13_hls_local_file.mp4')]),
    interview('put in its place later: another recording', REPLACED_INTERVIEW, [
      {
        ...knownMedium('video', 'c10_video_ends_early.mp4'),
        replacement: {
          content: fixture('c03_vfr.webm'),
          outcome: outcomeOf('video', 'c03_vfr.webm'),
        },
      },
    ]),
    ...(large === undefined
      ? []
      : [
          interview('a gigabyte, of which a worker dies', LARGE_INTERVIEW, [
            { ...mediumOf('video', 'large.mp4', large.outcome), content: { file: large.path } },
          ]),
        ]),
  ];
}

/** What is seen and heard in h01, so many times one after the other. */
export function largeOutcome(times: number, seconds: number): CompletedOutcome {
  const once = outcomeOf('video', LABELLED[0]);
  if (once.ends === 'failed') throw new Error(`${LABELLED[0]} is known to fail`);
  const scaled = (path: string): readonly [number, number] => {
    const [least, most] = once.measures[path]!;
    return [least * times, most * times];
  };
  return completed({
    ...once.measures,
    'media.duration': [seconds * times - 1, seconds * times + 1],
    'video.sampling.taken': [seconds * times - times, seconds * times + 1],
    'speech.speech_seconds': scaled('speech.speech_seconds'),
    // Between the times there is one each.
    'speech.pauses': [times - 1, times - 1],
  });
}

function interview(
  kind: string,
  id: string,
  media: readonly SeededMedium[],
  more: Partial<SeededInterview> = {},
): SeededInterview {
  return {
    ...{ kind, id, ...more },
    media: media.map((medium) => ({ ...medium, key: `uploads/${id}/${medium.type}/${medium.key}` })),
  };
}
