import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { DiscoverySummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { vachan } from '../../shared/cli/run-vachan.js';
import { s3Client } from '../../embedded-stack.js';
import { TEST_DATE } from '../sources/source-documents.js';
import { createInstallation, endLeftInstallations } from './installation.js';
import { recording, samples, TINY_SAMPLE } from './recordings.js';

const STORY_MS = 300_000;

afterAll(endLeftInstallations);

test(
  'a date that failed on a FIFO queue is scored by a second run within five minutes',
  async () => {
    const installation = await createInstallation({ fifo: true, maxReceiveCount: 1 });
    const keys = ['take#1.amr', 'take#2.amr', 'late?.amr', 'late.amr'];
    await installation.insert(keys.map((key) => recording(`s3://${installation.bucket}/${key}`)));
    await installation.worker();
    const run = async (): Promise<DiscoverySummary> => {
      const started = await installation.start('discoveryWorkflow', {
        test_date: TEST_DATE,
        mode: 'backfill',
      });
      return (await started.result()) as DiscoverySummary;
    };

    // Nobody has uploaded them yet.
    expect((await run()).outcomes).toMatchObject({ failed_pre_inference: 4, completed: 0 });
    const purge = await vachan(['dlq', 'purge', '--yes', '--json'], installation.env);
    expect(JSON.parse(purge.stdout)).toEqual({ deleted: 4, not_deleted: 0 });

    const s3 = s3Client();
    const body = await readFile(join(samples.folder, TINY_SAMPLE));
    for (const Key of keys)
      await s3.send(new PutObjectCommand({ Bucket: installation.bucket, Key, Body: body }));
    s3.destroy();
    const second = await run();
    expect(second.discovery.enqueued).toBe(4);
    expect(second.outcomes).toMatchObject({ completed: 4, failed_pre_inference: 0 });
    const addresses = (await installation.results()).map(({ source }) => source.audio_s3_url);
    expect(addresses.sort()).toEqual(keys.map((key) => `s3://${installation.bucket}/${key}`).sort());
    await installation.close();
  },
  STORY_MS,
);
