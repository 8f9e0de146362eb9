import { DEMO_TEST_DATE, describeSeeded, seedDemo, withStackClients } from '../demo/seed-demo.js';
import { orStop } from '../stack/or-stop.js';
import { startStack } from '../stack/start-stack.js';
import type { ServedStack, ServeOptions } from './served-stack.js';

/** Temporal, SQS, S3 and MongoDB, on their usual ports where these are free. @param records to fill the source with */
export async function serveRecordings({
  folder,
  log,
  postgres,
  records,
}: ServeOptions & { postgres: boolean; records: number | undefined }): Promise<ServedStack> {
  const stack = await startStack({ folder, postgres, usualPorts: true, log });
  const { temporal, aws, mongo, postgres: rows } = stack.endpoints;
  if (records !== undefined) {
    const seeding = withStackClients(stack, (clients) => seedDemo(stack, clients, records));
    const ledger = await orStop(seeding, () => stack.stop());
    log(`Seeded recordings of ${DEMO_TEST_DATE}: ${describeSeeded(ledger)}.`);
  }
  return {
    ...{ env: stack.env, how: stack.how, stop: () => stack.stop() },
    rows: [
      ['Temporal', temporal && `${temporal.address}, namespace ${temporal.namespace}`],
      ['Temporal Web UI', temporal?.uiUrl],
      ['SQS queue', aws.queueUrl],
      ['  dead-letter messages', aws.deadLetterQueueUrl],
      ['S3', `${aws.endpointUrl}, bucket ${aws.bucket}`],
      ['MongoDB', `${mongo.uri}, database ${mongo.database}`],
      ['Postgres', rows && `${rows.dsn}, table ${rows.schema}.${rows.table}`],
      ['CSV', stack.env['CSV_OUTPUT_PATH']],
    ],
    hint: '.stack.env tells `npm run worker` and `npx vachan` where it is.',
  };
}
