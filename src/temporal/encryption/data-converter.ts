import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import type { KeyRing } from '../../platform/crypto/key-ring.js';
import { createEncryptionCodec } from './encryption-codec.js';

/** Without its ending: tests run the sources. */
const FAILURE_CONVERTER = join(__dirname, 'failure-converter');

/**
 * How every client and worker of this project writes to Temporal: encrypted where there are keys.
 *
 * Workflow and activity ids, types, task queues and search attributes stay readable in either case: they are what runs
 * are found by, and hold a date, a collection's name and a queue's name.
 */
export function createDataConverter(keys: KeyRing | undefined): DataConverter {
  return {
    payloadCodecs: [createEncryptionCodec(keys)],
    ...(keys === undefined ? {} : { failureConverterPath: FAILURE_CONVERTER }),
  };
}
