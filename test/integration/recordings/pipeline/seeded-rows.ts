import type { Ledger, LedgerEntry } from '../../../../tools/demo/ledger.js';
import { planSeed, type SeedPlan } from '../../../../tools/demo/seed-plan.js';
import { writeSeed } from '../../../../tools/demo/seed.js';
import { STACK_MAX_RECEIVE_COUNT } from '../../../../tools/stack/aws.js';
import type { PostgresEndpoints } from '../../../../tools/stack/postgres.js';
import { embeddedStack, s3Client } from '../../embedded-stack.js';
import { SUBJECT, TEST_DATE } from '../sources/source-documents.js';
import { RESULT_COLLECTION, SOURCE_COLLECTION, type Installation } from './installation.js';
import { CHILD_MARK, SCHOOL_MARK, SIGNATURE_MARK, samples } from './recordings.js';

/** Fills an installation with the demo's sound and unsound rows, its children marked, some addresses presigned. */
export async function seed(
  installation: Installation,
  records: number,
  postgres?: PostgresEndpoints,
): Promise<{ planned: SeedPlan; ledger: Ledger }> {
  const planned = planSeed({
    records,
    testDate: TEST_DATE,
    subjectName: SUBJECT,
    bucket: installation.bucket,
    region: 'ap-south-1',
    source: postgres === undefined ? 'mongo' : 'postgres',
    samples,
  });
  for (const row of planned.rows) {
    row.student_id = `${CHILD_MARK}-${row.student_id}`;
    row.udise = `${SCHOOL_MARK}-${row.udise.slice(-6)}`;
    if (row.kind === 'missing_object' || row.kind === 'anomalous')
      row.audio_url = presigned(row.audio_url, installation);
  }
  const s3 = s3Client();
  try {
    const ledger = await writeSeed(planned, {
      ...{ sqs: installation.sqs, queueUrl: installation.queueUrl, maxReceiveCount: STACK_MAX_RECEIVE_COUNT },
      ...{ s3, bucket: installation.bucket, samplesFolder: samples.folder },
      ...{
        db: installation.db,
        sourceCollection: SOURCE_COLLECTION,
        resultCollection: RESULT_COLLECTION,
        postgres,
      },
    });
    return { planned, ledger };
  } finally {
    s3.destroy();
  }
}

/** The address as an app presigns it: on the store's endpoint, with a signature. */
function presigned(address: string | null | undefined, { bucket }: Installation): string {
  const key = address?.split(`${bucket}/`)[1] ?? address?.split('amazonaws.com/')[1];
  const { AWS_ENDPOINT_URL: endpoint } = embeddedStack().env;
  return `${endpoint}/${bucket}/${key}?X-Amz-Expires=3600&X-Amz-Signature=${SIGNATURE_MARK}`;
}

export const entriesOf = (ledger: Ledger, kind: LedgerEntry['kind']): LedgerEntry[] =>
  ledger.entries.filter((entry) => entry.kind === kind);
