import type { Client } from '@temporalio/client';
import {
  ApplicationFailure,
  defaultFailureConverter,
  defaultPayloadConverter,
  type Payload,
  type PayloadCodec,
} from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { findRetriedSteps } from '../../../../src/temporal/runs/retried-steps.js';

type Pending = temporal.api.workflow.v1.IPendingActivityInfo;

/** What another process must undo before it can read a payload. */
const turned: PayloadCodec = {
  encode: (payloads) => Promise.resolve(payloads.map(turn)),
  decode: (payloads) => Promise.resolve(payloads.map(turn)),
};

function turn({ metadata, data }: Payload): Payload {
  return { metadata: metadata ?? {}, data: Buffer.from(data ?? []).reverse() };
}

/** An activity that has failed with these details, as its worker writes it. */
async function failed(name: string, details: unknown[] | undefined): Promise<Pending> {
  const error = ApplicationFailure.create({
    message: 'MongoDB does not answer',
    type: 'DependencyUnavailable',
    ...(details && { details }),
  });
  const lastFailure = defaultFailureConverter.errorToFailure(error, defaultPayloadConverter);
  const info = lastFailure.applicationFailureInfo;
  if (info?.details?.payloads) info.details.payloads = await turned.encode(info.details.payloads);
  return { activityType: { name }, attempt: 3, lastFailure };
}

const stepsOf = async (...pendingActivities: Pending[]): Promise<string[]> => {
  const client = {
    options: {
      namespace: 'default',
      loadedDataConverter: {
        failureConverter: defaultFailureConverter,
        payloadConverter: defaultPayloadConverter,
        payloadCodecs: [turned],
      },
    },
    withDeadline: (_at: number, call: () => unknown) => call(),
    workflowService: { describeWorkflowExecution: () => Promise.resolve({ pendingActivities }) },
  } as unknown as Client;
  return (await findRetriedSteps(client, 'discovery:x')).map(({ step, error }) => `${step}: ${error}`);
};

test('of an activity that runs several steps, the one that failed is named', async () => {
  await expect(stepsOf(await failed('processBatch', [{ step: 'upsertResults' }]))).resolves.toEqual([
    'upsertResults: MongoDB does not answer',
  ]);
});

test.each([[undefined], [[]], [[null]], [['upsertResults']], [[{ step: 7 }]]])(
  'an activity that says %j of its steps is named itself',
  async (details) => {
    await expect(stepsOf(await failed('receiveBatch', details))).resolves.toEqual([
      'receiveBatch: MongoDB does not answer',
    ]);
  },
);

test('an activity that has not failed holds nothing up', async () => {
  await expect(stepsOf({ activityType: { name: 'processBatch' }, attempt: 1 })).resolves.toEqual([]);
});
