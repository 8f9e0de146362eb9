import { HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { EXIT, type ExitCode } from '../../../../commands/context.js';
import { createObjectFolder } from '../../../../objects/object-folder.js';
import { DependencyUnavailable } from '../../../../platform/errors.js';
import { NoSuchRun } from '../../../../temporal/runs/run-errors.js';
import type { JobState } from '../../state/job-state.js';
import { objectKey } from '../../work/object-key.js';
import type { VerifyOptions } from '../commands/verify.js';
import type { ExportsContext } from '../context.js';
import { jobNamed } from '../job-argument.js';
import { holdAgainst, type FoundObject } from './hold-against.js';
import { linesOf, type VerifyReport } from './verify-report.js';

export async function verifyJob(
  context: ExportsContext,
  id: string,
  { json = false, ...named }: VerifyOptions,
): Promise<ExitCode> {
  const job = jobNamed(id, named);
  const { state, s3, output, openMetadata, close } = await context.openJobs(context.readEnvironment());
  try {
    const metadata = openMetadata();
    try {
      const of = state.of(job);
      const result = await of.result();
      if (result === undefined) {
        throw new NoSuchRun(`Export ${job.export_id} of source ${job.source} has no result yet.`);
      }
      const { bucket } = output;
      const rowsOf = async function* <Row>(key: string): AsyncIterable<Row> {
        for await (const line of state.objects.lines(key)) yield JSON.parse(line) as Row;
      };
      // One that is too long for S3 has nothing in it.
      const { key: folder } = objectKey(output, job, '');
      const report: VerifyReport = {
        ...{ ...job, attempt: result.attempt, state: result.state },
        ...(await holdAgainst({
          job,
          manifest: rowsOf(of.keys.manifest()),
          rejects: rowsOf(of.keys.rejects()),
          directories: directoriesOf(of),
          metadata,
          head: (key) => headOf(s3, bucket, key),
          keys: folder === undefined ? NO_KEYS : createObjectFolder(s3, bucket).keys(folder),
          keyOf: (...entry) => objectKey(output, ...entry),
        })),
      };
      context.terminal.out(json ? JSON.stringify(report) : linesOf(report).join('\n'));
      return report.problems.length === 0 ? EXIT.ok : EXIT.failed;
    } finally {
      metadata.close();
    }
  } finally {
    close();
  }
}

async function* directoriesOf({ fragments }: JobState): AsyncIterable<string> {
  for await (const ordinal of fragments.settled(0)) {
    for await (const row of fragments.rows(ordinal)) if (row.outcome === 'directory') yield row.entry;
  }
}

const NO_KEYS = (async function* (): AsyncGenerator<string> {})();

async function headOf(s3: S3Client, bucket: string, key: string): Promise<FoundObject | undefined> {
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }));
    return { size: head.ContentLength ?? NaN, crc32: crcOf(head) };
  } catch (error) {
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404)
      return undefined;
    throw new DependencyUnavailable(
      `S3 did not tell of an object of s3://${bucket}: ${(error as Error).name}`,
      {
        cause: error,
      },
    );
  }
}

/** S3's own checksum where it is one of the whole object, or what the upload noted. */
function crcOf({
  ChecksumCRC32: own,
  ChecksumType: type,
  Metadata: noted,
}: HeadObjectCommandOutput): string | undefined {
  if (own !== undefined && type !== 'COMPOSITE' && !own.includes('-')) {
    return Buffer.from(own, 'base64').toString('hex');
  }
  return noted?.['vachan-crc32'];
}
