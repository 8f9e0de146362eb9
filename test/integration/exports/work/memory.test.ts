import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WORKER_NODE_FLAGS } from '#vachan/workers/node-flags.js';
import type { Fragment } from '#vachan/pipelines/exports/contract/fragment.js';
import { startExportApi } from '#tools/export-api/start-export-api.js';
import { zipContent } from '#tools/export-api/zip/zip-content.js';
import { projectRoot } from '#tools/stack/folders.js';

const MIB = 1024 * 1024;
/** Of export.md, for gigabytes; what grows with the size of an entry would be beyond it here as well. */
const MOST_BYTES = 250 * 1_000_000;
const SIZE = 640 * MIB;

(process.platform === 'linux' ? test : test.skip)(
  'a stored and a deflated entry of 640 MiB pass through a process of less than 250 MB',
  async () => {
    const api = await startExportApi();
    // It takes what S3 takes, and forgets it.
    const sink = spawn(process.execPath, [join(projectRoot(), 'bench', 'exports', 'sink.mjs')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      const [line] = (await once(sink.stdout, 'data')) as [Buffer];
      const { url: sinkUrl } = (JSON.parse(line.toString()) as { ready: { url: string } }).ready;
      const block = Buffer.from(Array.from({ length: MIB }, (_, n) => (n * 2_654_435_761) >>> 24));
      const entries = (['store', 'deflate'] as const).map((method) => ({
        ...{ name: `${method}.bin`, method, data: { block, times: SIZE / MIB } },
      }));
      api.add({ id: 'large', files: [{ id: 'f', name: 'f.zip', content: zipContent(entries) }] });
      const told = {
        exportId: 'large',
        sizes: Object.fromEntries(entries.map(({ name }) => [name, SIZE])),
        env: {
          ...{ AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: sinkUrl, EXPORT_METADATA_TABLE: 'none' },
          ...{ EXPORT_API_URL: api.url, EXPORT_API_TOKEN: api.token },
          EXPORT_PRIVATE_HOSTS: new URL(api.url).host,
          ...{ EXPORT_OUTPUT_PREFIX: 's3://bench/out', EXPORT_STATE_PREFIX: 's3://bench/state' },
          EXPORT_JOBS_QUEUE_URL: `${sinkUrl}/1/jobs`,
          DOWNLOAD_TASKS_QUEUE_URL: `${sinkUrl}/1/tasks`,
        },
      };
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [...WORKER_NODE_FLAGS, join(__dirname, 'settling-process.cjs'), JSON.stringify(told)],
        { env: { ...process.env, AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' } },
      );
      const { fragment, peakBytes } = JSON.parse(stdout) as { fragment: Fragment; peakBytes: number };
      expect(fragment).toMatchObject({
        state: 'settled',
        entries: { uploaded: 2 },
        bytes: { uploaded: 2 * SIZE },
      });
      expect(peakBytes).toBeLessThan(MOST_BYTES);
    } finally {
      sink.kill();
      await api.stop();
    }
  },
  180_000,
);
