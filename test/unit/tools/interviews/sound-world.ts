import { NOT_MEASURED, type InterviewResult } from '../../../../src/pipelines/interviews/contract/result.js';
import { completed, failed } from '../../../../tools/interviews/media/expected-outcome.js';
import type { InterviewsRemains } from '../../../../tools/interviews/interviews-verdict.js';
import type { SeededInterview } from '../../../../tools/interviews/seeded-interview.js';
import type { Delivery } from '../../../../tools/webhook-receiver/start-receiver.js';

/** One that is completed, and one whose only medium is refused. */
export const SEEDED: readonly SeededInterview[] = [
  {
    ...{ kind: 'plain', id: 'one' },
    media: [
      {
        ...{ type: 'video', key: 'one.mp4', door: 'insert', content: { bytes: new Uint8Array([1]) } },
        outcome: completed({ 'media.duration': [9.9, 10.1], 'speech.pauses': [2, 2] }, []),
      },
    ],
  },
  {
    ...{ kind: 'cut', id: 'two' },
    media: [
      {
        ...{ type: 'video', key: 'two.mp4', door: 'insert', content: { bytes: new Uint8Array([2]) } },
        outcome: failed(/index missing/),
      },
    ],
  },
];

const result = {
  ...{ _id: 'r1', interview_id: 'one', job_id: 'j1', etag: 'e1', warnings: [] },
  ...{ media: { duration: 10 }, speech: { pauses: [1, 2] } },
  ...{ not_measured: [...NOT_MEASURED], engines: [{ name: 'an engine', version: '1' }] },
} as unknown as InterviewResult;

const job = {
  bucket: 'b',
  interview_type: 'video',
  data_process: '1',
  attempts: 1,
  revision: 1,
  run_id: 'run',
};

/** What all of that leaves when all goes well; anew with each call. */
export function soundRemains(): InterviewsRemains & { deliveries: Delivery[] } {
  return {
    world: {
      jobs: [
        { ...job, _id: 'j1', interview_id: 'one', key: 'one.mp4', status: '3', result_id: 'r1' },
        {
          ...{ ...job, _id: 'j2', interview_id: 'two', key: 'two.mp4', status: '2' },
          ...{ error_type: 'MediaRefused', error_message: 'index missing' },
        },
      ],
      results: [structuredClone(result)],
      events: [event('one', 'interview.completed'), event('two', 'interview.failed')],
      parts: [{ job_id: 'j1' }],
      queue: { visible: 0, in_flight: 0, delayed: 0 },
      deadLetters: [],
    },
    deliveries: [
      delivery('w1', 'one', 'interview.completed'),
      delivery('w2', 'two', 'interview.job_failed'),
      delivery('w3', 'two', 'interview.failed'),
    ],
    etags: new Map([['one.mp4', '"e1"']]),
  };
}

export function delivery(webhookId: string, interviewId: string, type: string, answered = 204): Delivery {
  const jobs = {
    total: 1,
    completed: Number(interviewId === 'one'),
    failed: Number(interviewId === 'two'),
    open: 0,
  };
  const told = { type, timestamp: '2026-01-02T03:04:05Z', data: { interview_id: interviewId, jobs } };
  return { webhookId, event: told, answered, atMs: 0 };
}

const event = (id: string, type: string): InterviewsRemains['world']['events'][number] => ({
  ...{ _id: `${id}-${type}`, interview_id: id, revision: 1, type, webhook_id: 'w', status: 'delivered' },
  ...{ tries: 1, created_at: new Date(0) },
});
