import { S3Client } from '@aws-sdk/client-s3';
import { createExportState, type ExportState } from '../../../../src/pipelines/exports/state/job-state.js';
import { awsClientOptions } from '../../../../tools/stack/aws.js';
import { exportsEndpoints, freshName } from '../../embedded-stack.js';

/** A memory of the work that nobody else uses; `close` belongs into `afterAll`. */
export function freshState(): { state: ExportState; close: () => void } {
  const { store, bucket } = exportsEndpoints();
  const client = new S3Client({ ...awsClientOptions(store), forcePathStyle: true });
  return {
    state: createExportState(client, { bucket, prefix: `${freshName('state')}/state` }),
    close: () => client.destroy(),
  };
}
