import type { CliContext } from '#vachan/commands/context.js';
import { interviewsDeadLetters } from '#vachan/pipelines/interviews/cli/dead-letters/present-messages.js';

const QUEUE = 'https://sqs.ap-south-1.amazonaws.com/123456789012/interview-jobs';
const openWith = (environment: Record<string, string>, queueUrl?: string) =>
  interviewsDeadLetters.open({ readEnvironment: () => environment } as CliContext, {
    limit: 10,
    ...(queueUrl !== undefined && { queueUrl }),
  });

describe('dead-letter messages of interviews', () => {
  const job = { interview_id: 'somebody', interview_type: 'video', bucket: 'media', key: 'somebody.webm' };

  it.each<[string, unknown, object | null, string]>([
    ['jobs', { version: 1, jobs: [job, { ...job, key: 'other.webm' }] }, { about: '2 jobs' }, 'unrecorded'],
    ['one job', job, { about: '1 job' }, 'unrecorded'],
    ['what is none', { hello: 'somebody' }, null, 'unreadable'],
  ])('are told by what they bring, and never by whom they are about: %s', async (_, body, content, cause) => {
    const source = await openWith({ INTERVIEW_JOBS_QUEUE_URL: QUEUE });

    const view = source.view({
      messageId: 'm-1',
      body: JSON.stringify(body),
      receiveCount: 10,
      sentAtMs: 0,
    });

    expect(source.url).toBe(QUEUE);
    expect(view).toMatchObject({ content, cause });
    expect(JSON.stringify(view)).not.toContain('somebody');
  });

  it('are those of another queue where one is named, and of none where none is set', async () => {
    expect((await openWith({}, `${QUEUE}-other`)).url).toBe(`${QUEUE}-other`);
    await expect(openWith({})).rejects.toThrow(/INTERVIEW_JOBS_QUEUE_URL is not set/);
  });
});
