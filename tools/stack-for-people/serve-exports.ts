import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { apiSettings } from '../demo/exports/exports-processes.js';
import { DEMO_ENTRIES, DEMO_ENTRY_BYTES, demoExport } from '../export-api/demo-export.js';
import { startExportApi, type ExportApi } from '../export-api/start-export-api.js';
import { awsClientOptions } from '../stack/aws.js';
import type { ExportsEndpoints } from '../stack/exports.js';
import { orStop } from '../stack/or-stop.js';
import { startExportsStack, type ExportsStack } from '../stack/start-stack.js';
import type { ServedStack, ServeOptions } from './served-stack.js';

/** Temporal, SQS, S3 and DynamoDB, and an Export API in this process that has one export, `demo`, and its metadata. */
export async function serveExports({ folder, log }: ServeOptions): Promise<ServedStack> {
  const stack = await startExportsStack({ folder, usualPorts: true, log });
  const api = await orStop(startExportApi(), stack.stop);
  const stop = async (): Promise<void> => {
    await api.stop();
    await stack.stop();
  };
  const served = demoExport();
  api.add(served);
  await orStop(writeRows(stack.endpoints.exports, served.id), stop);
  return {
    env: { PIPELINES: 'exports', ...stack.env, ...apiSettings(new Map([['default', api]]), folder) },
    how: stack.how,
    rows: rowsOf(stack, api),
    hint:
      '.stack.env tells `npm run worker` and `npx vachan` where it is: ' +
      'start a worker in another shell, then `npx vachan exports start demo`.',
    stop,
  };
}

function rowsOf({ endpoints: { temporal, exports } }: ExportsStack, api: ExportApi): ServedStack['rows'] {
  const { store, bucket, outputPrefix, statePrefix, table, jobs, tasks } = exports;
  return [
    ['Temporal', `${temporal.address}, namespace ${temporal.namespace}`],
    ['Temporal Web UI', temporal.uiUrl],
    ['Queue of jobs', jobs.queueUrl],
    ['  dead-letter messages', jobs.deadLetterQueueUrl],
    ['Queue of tasks', tasks.queueUrl],
    ['  dead-letter messages', tasks.deadLetterQueueUrl],
    ['S3', `${store.endpointUrl}, bucket ${bucket}: objects in ${outputPrefix}/, state in ${statePrefix}/`],
    ['DynamoDB', `${store.endpointUrl}, table ${table}`],
    ['Export API', `${api.url}, token ${api.token}, with the export demo`],
  ];
}

async function writeRows({ store, table }: ExportsEndpoints, exportId: string): Promise<void> {
  const dynamo = new DynamoDBClient(awsClientOptions(store));
  try {
    const requests = DEMO_ENTRIES.map((name) => ({
      PutRequest: {
        Item: {
          pk: { S: `EXPORT#default#${exportId}` },
          sk: { S: name },
          size: { N: String(DEMO_ENTRY_BYTES) },
        },
      },
    }));
    await dynamo.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  } finally {
    dynamo.destroy();
  }
}
