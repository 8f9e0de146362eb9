import { failed } from '../../interviews/media/expected-outcome.js';
import { LABELLED } from '../../interviews/media/labelled-media.js';
import { fileName, fixture, knownMedium, mediumOf, outcomeOf } from '../../interviews/known-medium.js';
import type { SeededInterview, SeededMedium } from '../../interviews/seeded-interview.js';
import { randomFrom, type Random } from '../random.js';

/**
 * What is special about an interview's course. `replaced`: another recording takes the place of the one that has a result;
 * `overwritten`: of one that is being read. `deleted`: as replaced, and before that its workflows are deleted. `extra`: one more
 * job is added once the interview's end was told. `erased`: while it is worked on.
 */
export type Story = 'plain' | 'late' | 'replaced' | 'overwritten' | 'deleted' | 'extra' | 'erased';

export interface ChaosInterview extends SeededInterview {
  story: Story;
}

/** Of the jobs; those that are analysed in chunks by many processes are a fifth of all. */
const CHUNKED_SHARE = 0.2;
const STORIES: readonly (readonly [Story, number])[] = [
  ['late', 0.08],
  ['replaced', 0.03],
  ['overwritten', 0.04],
  ['deleted', 0.03],
  ['extra', 0.03],
  ['erased', 0.03],
];
const NEVER_SHARE = 0.01;
const REFUSED_SHARE = 0.06;
const PAIR_SHARE = 0.06;

/** Above the arena's threshold of a megabyte, so that they are cut in time. */
const CHUNKED = ['c16_chromium_webm_vp8.webm', LABELLED[2]] as const;
const SMALL = [
  'c12_h264.mkv',
  'c12_vp9.webm',
  'c04_rotated_270.mp4',
  'c02_moov_at_end.mp4',
  'c02_fragmented_twin.mp4',
  'c01_mediarecorder_live.webm',
  'c10_video_ends_early.mp4',
] as const;
const SOUND = ['c05_audio_only_live.webm', 'c16_chromium_audio_webm.webm', LABELLED[4]] as const;
const REFUSED = ['c08_cut_no_moov.mp4', 'c13_hls_local_file.mp4', 'c05_audio_only_live.webm'] as const;

/** Interviews of about so many jobs. The same seed gives the same ones, with ids that are found wherever they should not be. */
export function planChaosInterviews({ records, seed }: { records: number; seed: number }): ChaosInterview[] {
  const random = randomFrom(seed);
  const interviews: ChaosInterview[] = [];
  for (let jobs = 0; jobs < records;) {
    const id = `cand-${seed}-${String(interviews.length).padStart(4, '0')}-${random.between(0x100000, 0xffffff).toString(16)}`;
    const interview = planOne(id, random);
    interviews.push(interview);
    jobs += interview.media.length;
  }
  return interviews;
}

function planOne(id: string, random: Random): ChaosInterview {
  const of = (story: Story, ...media: SeededMedium[]): ChaosInterview => ({
    ...{ kind: story, id, story, saysHowMany: story !== 'extra' },
    ...(story === 'extra' && { isExtended: true }),
    ...(story === 'erased' && { isErased: true }),
    media: media.map((medium, at) => ({
      ...{ ...medium, key: `uploads/${id}/${medium.type}/${at}-${medium.key}` },
      ...(story === 'late' && { isLate: true }),
    })),
  });
  const roll = random.next();
  if (roll < NEVER_SHARE)
    return of('plain', mediumOf('video', 'never.mp4', failed(/there is no such object/)));
  if (roll < NEVER_SHARE + REFUSED_SHARE) return of('plain', knownMedium('video', random.pick(REFUSED)));
  if (roll < NEVER_SHARE + REFUSED_SHARE + PAIR_SHARE)
    return of('plain', knownMedium('video', random.pick(SMALL)), knownMedium('audio', random.pick(SOUND)));
  const story = pickStory(random);
  const isChunked = story === 'overwritten' || random.next() < CHUNKED_SHARE;
  const medium = isChunked
    ? knownMedium('video', random.pick(CHUNKED))
    : random.next() < 0.7
      ? knownMedium('video', random.pick(SMALL))
      : knownMedium('audio', random.pick(SOUND));
  if (story === 'extra') return of(story, medium, knownMedium('audio', random.pick(SOUND)));
  if (story === 'plain' || story === 'late' || story === 'erased') return of(story, medium);
  const other = medium.type === 'audio' ? SOUND : SMALL;
  const file = random.pick(other.filter((name) => !medium.key.endsWith(fileName(name))));
  return of(story, {
    ...medium,
    replacement: {
      ...{ content: fixture(file), outcome: outcomeOf(medium.type, file) },
      ...(story === 'overwritten' && { isMidway: true }),
    },
  });
}

function pickStory(random: Random): Story {
  let roll = random.next();
  for (const [story, share] of STORIES) {
    if (roll < share) return story;
    roll -= share;
  }
  return 'plain';
}
