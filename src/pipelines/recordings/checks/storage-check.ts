import { access, constants, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { HeadBucketCommand, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { loadSettings } from '../../../platform/config/load-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import { connectS3 } from '../../../objects/s3-client.js';
import { S3_SETTINGS } from '../../../objects/s3-settings.js';
import { createAudioFetcher, FETCH_SETTINGS } from '../audio/fetch-audio.js';
import { storedAddress } from '../../../objects/address.js';
import { ok, problem, unchecked, warning, type Check, type Finding } from '../../../commands/finding.js';
import { pick } from '../../../platform/config/settings-table.js';
import { RECORDINGS_SETTINGS } from '../settings/index.js';

const S3_REMEDY = "Check AWS_REGION and this process's AWS credentials.";

/** The buckets that the settings name. Nothing is written, so the right to write stays open. */
export function bucketsCheck(environment: Environment): Check {
  return {
    name: 'S3',
    todo: S3_REMEDY,
    run: async () => {
      const settings = loadSettings(
        environment,
        S3_SETTINGS,
        pick(RECORDINGS_SETTINGS, 'AUDIO_ALLOWED_BUCKETS', 'CSV_OUTPUT_PATH'),
      );
      const csvBucket = /^s3:\/\/([^/]+)/.exec(settings.CSV_OUTPUT_PATH)?.[1];
      const buckets = new Set([
        ...settings.AUDIO_ALLOWED_BUCKETS,
        ...(csvBucket === undefined ? [] : [csvBucket]),
      ]);
      if (buckets.size === 0) {
        return [
          unchecked(
            'S3',
            'the settings name no bucket',
            'Try a recording: vachan doctor --audio-url s3://bucket/key',
          ),
        ];
      }
      // A person waits for this.
      const client = connectS3({ ...settings, S3_MAX_RETRIES: Math.min(1, settings.S3_MAX_RETRIES) });
      try {
        return await Promise.all([...buckets].map((bucket) => bucketFinding(client, bucket)));
      } finally {
        client.destroy();
      }
    },
  };
}

async function bucketFinding(client: S3Client, bucket: string): Promise<Finding> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return ok('S3', `bucket ${bucket} answers`);
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 404) return problem('S3', `there is no bucket ${bucket}`, 'Check its name.');
    if (status === 301)
      return problem('S3', `bucket ${bucket} is in another region`, 'Set AWS_REGION to its region.');
    if (status === 403) {
      return warning(
        'S3',
        `bucket ${bucket} may not be listed by this identity, which reading does not need`,
        'Make sure by reading one: vachan doctor --audio-url s3://bucket/key',
      );
    }
    return problem('S3', `bucket ${bucket} does not answer (${(error as Error).name})`, S3_REMEDY);
  }
}

/** Reads one recording as a worker would, and forgets it. */
export function audioUrlCheck(environment: Environment, url: string): Check {
  return {
    name: 'Audio',
    todo: 'Grant s3:GetObject on it, or check the address, AUDIO_ALLOWED_HOSTS and AUDIO_ALLOWED_BUCKETS.',
    run: async () => {
      const fetcher = createAudioFetcher(loadSettings(environment, FETCH_SETTINGS));
      const folder = await mkdtemp(join(tmpdir(), 'vachan-doctor-'));
      try {
        const path = join(folder, 'recording');
        await fetcher.fetchAudio(url, path, AbortSignal.timeout(15_000));
        return [ok('Audio', `read ${(await stat(path)).size} bytes of ${storedAddress(url)}`)];
      } finally {
        fetcher.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** A CSV file on this machine: that it, or its folder, can be written to. */
export function csvCheck(environment: Environment): Check {
  return {
    name: 'CSV',
    todo: 'Let this process write there, or set CSV_OUTPUT_PATH.',
    run: async () => {
      const { CSV_OUTPUT_PATH: path } = loadSettings(
        environment,
        pick(RECORDINGS_SETTINGS, 'CSV_OUTPUT_PATH'),
      );
      if (path.startsWith('s3://')) return [ok('CSV', `${path}, one object a batch (writing is not tried)`)];
      const target = await nearestExisting(resolve(path));
      try {
        await access(target, constants.W_OK);
        return [ok('CSV', resolve(path))];
      } catch {
        return [
          problem(
            'CSV',
            `${target} cannot be written to`,
            'Let this process write there, or set CSV_OUTPUT_PATH.',
          ),
        ];
      }
    },
  };
}

async function nearestExisting(path: string): Promise<string> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  return there || dirname(path) === path ? path : nearestExisting(dirname(path));
}
