import { S3Client } from '@aws-sdk/client-s3';
import { Client, Connection } from '@temporalio/client';
import { runCli } from '#vachan/cli/program.js';
import type { CliContext } from '#vachan/commands/context.js';
import type { JobAccess } from '#vachan/pipelines/exports/cli/open-jobs.js';
import { createExportState } from '#vachan/pipelines/exports/state/job-state.js';
import { awsClientOptions } from '#tools/stack/aws.js';
import { createExports } from '#vachan/pipelines/exports/pipeline.js';
import { eventWorkflowId } from '#vachan/pipelines/exports/contract/event.js';
import { jobWorkflowId } from '#vachan/pipelines/exports/contract/job-ref.js';
import { entry, file, job } from '#tools/exports/seeded-job.js';
import { startReceiver, type WebhookReceiver } from '#tools/webhook-receiver/start-receiver.js';
import { freshName, temporalEndpoints } from '../../embedded-stack.js';
import { createExportsInstallation, type ExportsInstallation } from './exports-installation.js';

/** A job takes seconds; the process has to start first. */
const TIMEOUT_MS = 180_000;

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

describe('the end of an export', () => {
  let exports: ExportsInstallation;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    [exports, receiver] = await Promise.all([
      createExportsInstallation(),
      startReceiver({ secrets: [SECRET] }),
    ]);
    exports.process('all', {
      WEBHOOK_URL: receiver.url,
      WEBHOOK_SECRET: SECRET,
      WEBHOOK_PRIVATE_HOSTS: new URL(receiver.url).host,
      WEBHOOK_RETRY_DELAYS: '1s,1s',
    });
  }, TIMEOUT_MS);
  afterAll(async () => {
    await exports.close();
    await receiver.stop();
  }, TIMEOUT_MS);

  test(
    'is told once, also to a receiver that is not there at first, and again when somebody asks',
    async () => {
      const made = job('told', freshName('told'), [file('1', [entry('1.txt', 500)])]);
      receiver.trouble({ status: 503 });
      await exports.start(made);
      const { attempt, finished_at: at } = await exports.result(made.ref);
      const ended = (id: string): Promise<unknown> => exports.client.workflow.getHandle(id).result();
      await ended(jobWorkflowId(made.ref));
      expect(await ended(eventWorkflowId({ ...made.ref, attempt }))).toEqual({ event: 'delivered' });

      expect([...receiver.taken.values()]).toMatchObject([
        {
          type: 'export.completed',
          timestamp: at,
          data: { ...made.ref, attempt, state: 'succeeded', entries: { uploaded: 1 } },
        },
      ]);
      expect(receiver.deliveries.map(({ answered, notGenuine }) => [answered, notGenuine])).toEqual([
        [503, undefined],
        [204, undefined],
      ]);
      expect(new Set(receiver.deliveries.map(({ webhookId }) => webhookId)).size).toBe(1);

      const { code, out } = await vachan('exports', 'resend', made.ref.export_id, '--json');
      expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({ code: 0, type: 'export.completed' });
      await ended(eventWorkflowId({ ...made.ref, attempt }));
      expect(receiver.deliveries).toHaveLength(3);
      expect(new Set(receiver.deliveries.map(({ webhookId }) => webhookId)).size).toBe(1);
      expect(await vachan('exports', 'resend', 'unheard-of')).toMatchObject({ code: 1 });
    },
    TIMEOUT_MS,
  );

  /** Runs a command line in this process, with the stack behind it. */
  async function vachan(...args: string[]): Promise<{ code: number; out: string }> {
    const out: string[] = [];
    const context = {
      terminal: {
        out: (text: string) => void out.push(text),
        err: (text: string) => void out.push(text),
        live: undefined,
        columns: 100,
      },
      readEnvironment: () => ({ ...exports.env }),
    } as unknown as CliContext;
    const { address, namespace } = temporalEndpoints();
    const { store, bucket, statePrefix: prefix } = exports.endpoints;
    const s3 = new S3Client({ ...awsClientOptions(store), forcePathStyle: true });
    const access = { state: createExportState(s3, { bucket, prefix }), close: () => s3.destroy() };
    const pipeline = createExports({
      openJobs: () => Promise.resolve(access as unknown as JobAccess),
      connectTemporal: async () =>
        new Client({ connection: await Connection.connect({ address }), namespace }),
    });
    return { code: await runCli(args, context, [pipeline]), out: out.join('\n') };
  }
});
