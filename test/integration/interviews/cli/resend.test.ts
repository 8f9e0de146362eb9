import { Client, Connection } from '@temporalio/client';
import { webhookCheck } from '#vachan/pipelines/interviews/checks/webhook-check.js';
import { openInterviews, type InterviewsAccess } from '#vachan/pipelines/interviews/cli/open-interviews.js';
import { interviewWorkflowId } from '#vachan/pipelines/interviews/contract/names.js';
import { openEvents } from '#vachan/pipelines/interviews/events/open-events.js';
import { interviewDigest } from '#vachan/pipelines/interviews/interview-digest.js';
import { configuredEndpoint } from '#vachan/webhook/configured-endpoint.js';
import { startReceiver, type WebhookReceiver } from '#tools/webhook-receiver/start-receiver.js';
import { freshInterviews } from '../../embedded-stack.js';
import { interviewsCli } from './interviews-cli.js';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const AT = new Date('2026-01-02T03:00:00Z');

describe('events of interviews that never arrived', () => {
  let env: Record<string, string>;
  let bucket: string;
  let access: InterviewsAccess;
  let temporal: Client;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    const [installation, started] = await Promise.all([
      freshInterviews(),
      startReceiver({ secrets: [SECRET] }),
    ]);
    receiver = started;
    ({ bucket } = installation.endpoints);
    env = {
      INTERVIEW_ID_KEY: 'of-these-tests-and-long-enough-to-be-one',
      ...installation.env,
      WEBHOOK_URL: receiver.url,
      WEBHOOK_SECRET: SECRET,
      WEBHOOK_PRIVATE_HOSTS: new URL(receiver.url).host,
    };
    access = openInterviews(env);
    temporal = new Client({
      connection: await Connection.connect({ address: env['TEMPORAL_ADDRESS']! }),
      namespace: env['TEMPORAL_NAMESPACE']!,
    });
  });
  afterAll(async () => {
    await access.close();
    await temporal.connection.close();
    await receiver.stop();
  });
  const vachan = (...args: string[]) => interviewsCli(args, env);
  const findings = async () =>
    (await webhookCheck(env).run()).map(({ status, detail }) => `${status}: ${detail}`);

  const undelivered = async (interviewId: string): Promise<string> => {
    const key = `${interviewId}.mp4`;
    await access.insertJob({ interview_id: interviewId, interview_type: 'video', bucket, key });
    const event = await access.events.record(
      { interview_id: interviewId, type: 'interview.completed', state: 's', data: {} },
      true,
    );
    await access.events.failed(event.event_id, { at: AT, problem: 'answered 410' }, undefined);
    return event.webhook_id;
  };
  const workflowOf = (interviewId: string) =>
    temporal.workflow.getHandle(interviewWorkflowId(interviewDigest(interviewId, access.idKey)));

  it('are found by doctor, and sent again by their interviews’ workflows', async () => {
    expect(await findings()).toEqual([expect.stringMatching(/^ok: http:\/\/127.* is in use/)]);
    const ids = [await undelivered('first'), await undelivered('second')];
    expect(await findings()).toEqual([expect.stringMatching(/^warning: .* given up, .*answered 410/)]);

    const { code, json } = await vachan('resend', '--undelivered', '--json');
    expect(code).toBe(0);
    const { resent } = json<{ resent: { webhook_id: string }[] }>();
    expect(resent.map(({ webhook_id }) => webhook_id).sort()).toEqual(ids.sort());
    for (const interview of ['first', 'second']) {
      expect((await workflowOf(interview).describe()).status.name).toBe('RUNNING');
      await workflowOf(interview).terminate();
      expect(await access.events.of(interview)).toMatchObject([{ status: 'pending', tries: 0 }]);
    }
    expect(await vachan('resend', '--undelivered')).toMatchObject({
      code: 1,
      out: 'There is no such event.',
    });
  });

  it('are said to be none where an interview has none, and a slip is told', async () => {
    await access.insertJob({ interview_id: 'third', interview_type: 'video', bucket, key: '3.mp4' });
    expect(await vachan('resend', 'third')).toMatchObject({ code: 1, out: 'There is no such event.' });
    expect(await vachan('resend', 'nobody')).toMatchObject({ code: 1 });
    expect(await vachan('resend')).toMatchObject({ code: 2 });
    expect(await vachan('resend', 'third', '--undelivered')).toMatchObject({ code: 2 });
  });

  it('are a problem while their endpoint is disabled', async () => {
    const opened = openEvents(env);
    const endpoint = configuredEndpoint(env);
    endpoint.close();
    await opened.endpoints.disable(endpoint.key, { at: AT, reason: 'answered 410' });
    expect(await findings()).toEqual([
      expect.stringMatching(/^problem: .* is sent nothing since 2026-01-02T03:00:00.000Z: answered 410/),
    ]);
    await opened.endpoints.enable(endpoint.key);
    await opened.close();
  });

  it.each(['interview.completed', 'interview.failed', 'interview.job_failed'])(
    'can be tried with a sample of %s',
    async (type) => {
      expect(await vachan('webhook-test', '--type', type)).toMatchObject({ code: 0 });
      expect([...receiver.taken.values()].at(-1)).toMatchObject({
        type,
        data: { test: true, interview_id: 'webhook-test' },
      });
    },
  );
});
