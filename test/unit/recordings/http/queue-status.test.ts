import type { Client } from '@temporalio/client';
import { noOutcomes } from '../../../../src/pipelines/recordings/contract/outcome.js';
import { createApiSources } from '../../../../src/pipelines/recordings/http/create-api-sources.js';
import type { QueueStatus } from '../../../../src/pipelines/recordings/http/schemas.js';

const depth = { visible: 3, in_flight: 2, delayed: 1 };
const unused = (): Promise<never> => Promise.reject(new Error('not asked here'));

function statusWith(countInferenceWorkers: () => Promise<number>): Promise<QueueStatus> {
  const url = 'https://sqs.ap-south-1.amazonaws.com/1/recordings';
  return createApiSources({
    client: {} as unknown as Client,
    runs: { describe: unused, status: unused, end: unused },
    sourceCollection: 'student_assessment_record',
    queue: { url, isFifo: false, depth: () => Promise.resolve(depth) },
    findDeadLetters: () => Promise.resolve(undefined),
    countInferenceWorkers,
    serviceMode: 'orchestrator',
    startedAtMs: Date.now(),
    metrics: { outcomes: noOutcomes, acknowledged: () => 0 },
  }).queueStatus();
}

/** As Temporal's client throws when the server does not answer, or knows no such call. */
function grpcError(code: number): Error {
  return Object.assign(new Error('14 UNAVAILABLE'), { code, details: 'UNAVAILABLE', metadata: {} });
}

describe('the status of a queue', () => {
  test('has the number of live inference workers, which may be none', async () => {
    expect(await statusWith(() => Promise.resolve(0))).toMatchObject({ ...depth, inference_workers: 0 });
  });

  test.each([14, 12])(
    'says what SQS says when Temporal answers with %i, and that workers are not known',
    async (code) => {
      const status = await statusWith(() => Promise.reject(grpcError(code)));
      expect(status).toMatchObject({ ...depth, inference_workers: null });
    },
  );

  test('does not hide a defect behind an unknown number', async () => {
    await expect(statusWith(() => Promise.reject(new TypeError('x is undefined')))).rejects.toThrow(
      TypeError,
    );
  });
});
