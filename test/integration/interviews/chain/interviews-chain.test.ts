import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import { jobWorkflowId } from '#vachan/pipelines/interviews/contract/names.js';
import { completed, failed } from '#tools/interviews/media/expected-outcome.js';
import { mediaFolder } from '#tools/interviews/media/known-media.js';
import type { SeededInterview, SeededMedium } from '#tools/interviews/seeded-interview.js';
import { createInterviewsInstallation, type InterviewsInstallation } from './interviews-installation.js';

let installation: InterviewsInstallation;
beforeAll(async () => {
  installation = await createInterviewsInstallation();
  installation.process('all');
});
afterAll(() => installation.close());

const medium = (
  type: SeededMedium['type'],
  file: string,
  outcome: SeededMedium['outcome'],
): SeededMedium => ({
  ...{ type, door: 'insert', outcome, key: `staging/${randomUUID()}` },
  content: { file: join(mediaFolder(), file) },
});

const interview = (kind: string, ...media: SeededMedium[]): SeededInterview => ({
  ...{ kind, media, id: `interview-${randomUUID()}`, saysHowMany: true },
});

const TEN_SECONDS = completed({ 'video.faces.face_present_ratio': [1, 1] });

test('an interview goes from its jobs in the collection to one signed word about it', async () => {
  const seeded = interview(
    'video and audio',
    medium('video', 'c02_faststart_twin.mp4', TEN_SECONDS),
    medium('audio', 'c05_audio_only_live.webm', completed({ 'media.duration': [5.9, 6.1] })),
  );
  await installation.seed(seeded);

  const { data } = await installation.told(seeded, 'interview.completed');

  expect(await installation.differences([seeded])).toEqual([]);
  expect(data).toMatchObject({ interview_id: seeded.id });
});

test('a medium that can never be analysed fails its job at once, in words, and the interview is told', async () => {
  const seeded = interview(
    'audio alone, as video',
    medium('video', 'c05_audio_only_live.webm', failed(/no video stream/)),
  );
  await installation.seed(seeded);

  await installation.told(seeded, 'interview.failed');

  const [job] = await installation.ended(seeded);
  expect(job).toMatchObject({ status: '2', error_type: 'MediaRefused', attempts: 1 });
  const { client } = installation;
  const ended = client.workflow.getHandle(jobWorkflowId(job!._id)).result();
  await expect(ended).rejects.toBeInstanceOf(WorkflowFailedError);
});
