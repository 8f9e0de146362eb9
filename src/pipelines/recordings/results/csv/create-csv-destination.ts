import type { S3Client } from '@aws-sdk/client-s3';
import { ConfigurationError } from '../../../../platform/errors.js';
import type { CsvDestination } from './csv-destination.js';
import { createLocalCsv } from './local-csv.js';
import { createS3Csv } from './s3-csv.js';

/**
 * The destination that `CSV_OUTPUT_PATH` names.
 *
 * @param s3Client asked for only when the path is an `s3://` address
 * @throws ConfigurationError when the address names no bucket
 */
export function createCsvDestination(csvOutputPath: string, s3Client: () => S3Client): CsvDestination {
  if (!csvOutputPath.startsWith('s3://')) return createLocalCsv(csvOutputPath);
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(csvOutputPath) ?? [];
  if (bucket === undefined) {
    throw new ConfigurationError(
      `CSV_OUTPUT_PATH is ${csvOutputPath}; expected a file's path or s3://bucket/prefix`,
    );
  }
  return createS3Csv(s3Client(), { bucket, prefix });
}
