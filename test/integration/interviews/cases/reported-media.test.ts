import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { InterviewType } from '#vachan/pipelines/interviews/contract/job.js';
import type { InterviewResult } from '#vachan/pipelines/interviews/contract/result.js';
import { judgeInterviews } from '#tools/interviews/interviews-verdict.js';
import type { KnownMedium } from '#tools/interviews/media/expected-outcome.js';
import { mediaFolder, REPORTED } from '#tools/interviews/media/known-media.js';
import { LABELLED, labelledMedium } from '#tools/interviews/media/labelled-media.js';
import type { InterviewsWorld } from '#tools/interviews/read-world.js';
import { finalEvent, type SeededInterview } from '#tools/interviews/seeded-interview.js';
import {
  createInterviewsInstallation,
  type InterviewsInstallation,
} from '../chain/interviews-installation.js';

/** Of objects that never have a byte. */
const READINESS_DEADLINE_SECONDS = 20;

const CASES = [...REPORTED, ...LABELLED.map(labelledMedium)].flatMap((medium) =>
  (Object.keys(medium.outcomes) as InterviewType[]).map((type) => interviewOf(medium, type)),
);

let installation: InterviewsInstallation;
let world: InterviewsWorld;

// All of them through one worker process, as a day's uploads come.
beforeAll(async () => {
  installation = await createInterviewsInstallation();
  installation.process('all', { READINESS_DEADLINE: `${READINESS_DEADLINE_SECONDS}s` });
  await installation.seed(...CASES);
  await installation.ended(...CASES);
  await Promise.all(CASES.map((interview) => installation.told(interview, finalEvent(interview))));
  world = await installation.world();
}, 400_000);
afterAll(() => installation.close());

test.each(CASES.map((one) => [one.kind, one] as const))('%s ends as it must', (_, interview) => {
  const { id } = interview;
  const own = ({ interview_id: of }: { interview_id: string }): boolean => of === id;
  const jobs = world.jobs.filter(own);
  const ids = new Set(jobs.map((job) => job._id));
  const differences = judgeInterviews([interview], {
    world: {
      ...{ ...world, jobs, results: world.results.filter(own), events: world.events.filter(own) },
      parts: world.parts.filter((part) => ids.has(part.job_id)),
    },
    deliveries: installation.receiver.deliveries,
    etags: new Map(),
  });
  expect(differences).toEqual([]);
});

test('no file is left out', () => {
  const folder = mediaFolder();
  const files = [
    ...readdirSync(folder),
    ...readdirSync(join(folder, 'labelled')).map((name) => `labelled/${name}`),
  ];
  const media = files.filter((name) => /\.(mp4|m4a|mkv|mov|webm)$/.test(name)).sort();
  expect(media).toEqual(
    [...new Set([...REPORTED, ...LABELLED.map((file) => ({ file }))].map(({ file }) => file))].sort(),
  );
});

test('one recording measures the same wherever its index is', () => {
  const [atEnd, faststart] = ['c02_moov_at_end.mp4', 'c02_faststart_twin.mp4']
    .map(resultOf)
    .map(({ video, audio, speech, series }) => ({ video, audio, speech, series }));
  expect(faststart).toEqual(atEnd);
});

test('a recording in fragments, which has no edit list, measures the same but for its beginning', () => {
  const [whole, fragments] = ['c02_moov_at_end.mp4', 'c02_fragmented_twin.mp4'].map(resultOf);
  expect(fragments?.video?.faces.seconds_by_count).toEqual([
    { faces: 1, seconds: expect.closeTo(10.333, 2) as number },
  ]);
  expect(fragments?.video?.position.size.median).toBeCloseTo(whole!.video!.position.size.median!, 2);
  expect(fragments?.speech?.speech_seconds).toBeCloseTo(whole!.speech!.speech_seconds, 1);
  expect(fragments?.audio?.integrated_lufs).toBeCloseTo(whole!.audio!.integrated_lufs!, 1);
});

test('each sample of a variable frame rate has the time of its own frame', () => {
  const { series } = resultOf('c03_vfr.webm');
  if (series.stored !== 'document') throw new Error(`its series is stored ${series.stored}`);
  const counts = series.columns.faces.filter((count) => count !== null);
  expect(counts).toEqual(Array.from({ length: 12 }, () => 1));
});

test('an object without a byte is waited for until the deadline, and costs no attempt', () => {
  const job = jobOf('c08_empty.mp4');
  expect([job.data_process, job.attempts, job.started_at]).toEqual(['0', 0, undefined]);
  const waited = (job.ended_at?.getTime() ?? 0) - (job.created_at?.getTime() ?? 0);
  expect(waited).toBeGreaterThanOrEqual(READINESS_DEADLINE_SECONDS * 1000);
});

test.each([
  'c05_audio_only_live.webm',
  'c08_cut_no_moov.mp4',
  'c13_hls_local_file.mp4',
  'c13_bomb_16000x16000.mp4',
])('%s is looked at once', (file) => {
  expect(jobOf(file, 'video').attempts).toBe(1);
});

test('digital silence has a transcript without words, or none where there is no model', () => {
  const { transcript } = resultOf('c06_digital_silence.m4a');
  expect(transcript).toBeDefined();
  if (transcript !== undefined && 'text' in transcript)
    expect([transcript.text, transcript.words]).toEqual(['', 0]);
});

test('speech that begins late has the times of the container’s clock', () => {
  const { speech, media } = resultOf('c10_audio_starts_late.mp4');
  expect(speech?.intervals[0]?.start).toBeGreaterThanOrEqual(3);
  expect(speech?.intervals.at(-1)?.end).toBeLessThanOrEqual(media.duration);
});

function interviewOf({ file, outcomes }: KnownMedium, type: InterviewType): SeededInterview {
  return {
    ...{ kind: `${file} as ${type}`, id: `${type}-${file.replaceAll(/[^\w.]/g, '-')}`, saysHowMany: true },
    media: [
      {
        ...{ type, key: `${type}/${file}`, door: 'insert', outcome: outcomes[type]! },
        content: { file: join(mediaFolder(), file) },
      },
    ],
  };
}

function jobOf(file: string, type?: InterviewType): InterviewsWorld['jobs'][number] {
  const found = world.jobs.find(
    ({ key, interview_type: of }) => key.endsWith(`/${file}`) && (type === undefined || of === type),
  );
  if (found === undefined) throw new Error(`${file} has no job`);
  return found;
}

function resultOf(file: string): InterviewResult {
  const job = jobOf(file);
  const found = world.results.find(({ job_id: id }) => id === job._id);
  if (found === undefined) throw new Error(`${file} has no result: ${job.error_message}`);
  return found;
}
