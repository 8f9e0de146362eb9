import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vachan } from '../../shared/cli/run-vachan.js';
import { freshFolder } from '../../embedded-stack.js';
import { createInstallation, endLeftInstallations } from './installation.js';
import { TINY_SAMPLE } from './recordings.js';

const STORY_MS = 300_000;

afterAll(endLeftInstallations);

test(
  "recordings that stand in no source are scored, by the examples of the commands' own help",
  async () => {
    const installation = await createInstallation();
    await installation.worker();
    const url = `s3://${installation.bucket}/samples/${TINY_SAMPLE}`;
    const csv = join(freshFolder(), 'recordings.csv');
    writeFileSync(csv, `audio_url,student_id\n${url},pupil-of-the-night-1\n${url},pupil-of-the-night-2\n`);

    // vachan push-audio-urls recordings.csv --test-date 2025-12-20 && vachan ingest --until-empty
    const push = await vachan(['push-audio-urls', csv, '--test-date', '2025-12-20'], installation.env);
    expect(push.code).toBe(0);
    // vachan seed-sqs --audio-url s3://my-bucket/a.mp3 --count 100 --test-date 2025-12-20
    const args = ['seed-sqs', '--audio-url', url, '--count', '3', '--test-date', '2025-12-20'];
    expect((await vachan(args, installation.env)).code).toBe(0);
    const ingest = await installation.start('ingestWorkflow', { until_empty: true });
    expect(await ingest.result()).toMatchObject({ outcomes: { completed: 5, skipped_ineligible: 0 } });
    const sources = (await installation.results()).map(({ source }) => source.source_collection);
    expect(new Set(sources)).toEqual(new Set(['direct:student_assessment_record']));
    await installation.close();
  },
  STORY_MS,
);
