import { createHmac } from 'node:crypto';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { WEBHOOK_SETTINGS } from '../../../../src/platform/config/settings/webhook-settings.js';
import {
  createWebhookEndpoint,
  type EndpointParts,
  type WebhookEndpoint,
} from '../../../../src/webhook/endpoint.js';
import { startReceiver, type Receiver } from './receiver.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const EVENT = {
  id: 'evt_1',
  type: 'thing.completed',
  at: new Date('2026-01-02T03:04:05Z'),
  data: { thing: 'ä', count: 2 },
};

describe('an endpoint', () => {
  let receiver: Receiver;
  const opened: WebhookEndpoint[] = [];
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    for (const endpoint of opened.splice(0)) endpoint.close();
    await receiver.close();
  });
  const open = (environment: Record<string, string> = {}, parts: EndpointParts = {}): WebhookEndpoint => {
    const endpoint = createWebhookEndpoint(
      loadSettings(
        {
          WEBHOOK_URL: receiver.url,
          WEBHOOK_SECRET: SECRET,
          WEBHOOK_PRIVATE_HOSTS: receiver.host,
          ...environment,
        },
        WEBHOOK_SETTINGS,
      ),
      parts,
    )!;
    opened.push(endpoint);
    return endpoint;
  };
  const signature = (secret: string, text: string): string =>
    `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
      .update(text)
      .digest('base64')}`;

  it('posts a signed body that says what happened and when', async () => {
    const now = new Date('2026-01-02T04:00:00.900Z');
    const made = await open({}, { now: () => now }).send(EVENT);
    expect(made).toEqual({ at: now, delivered: true, gone: false, http_status: 204 });
    const [{ headers, body }] = receiver.received as [Receiver['received'][0]];
    expect(JSON.parse(body)).toEqual({
      type: 'thing.completed',
      timestamp: '2026-01-02T03:04:05.000Z',
      data: { thing: 'ä', count: 2 },
    });
    expect(headers['content-type']).toBe('application/json');
    expect(headers['webhook-id']).toBe('evt_1');
    expect(headers['webhook-timestamp']).toBe('1767326400');
    expect(headers['webhook-signature']).toBe(signature(SECRET, `evt_1.1767326400.${body}`));
  });

  it('signs with both secrets while one takes the place of the other', async () => {
    await open({ WEBHOOK_SECRET: `${OTHER},${SECRET}` }).send(EVENT);
    const [{ headers, body }] = receiver.received as [Receiver['received'][0]];
    const text = `evt_1.${String(headers['webhook-timestamp'])}.${body}`;
    expect(headers['webhook-signature']).toBe(`${signature(OTHER, text)} ${signature(SECRET, text)}`);
  });

  it('sends the same id and the same bytes again in every try', async () => {
    const endpoint = open();
    receiver.answer = { status: 500 };
    await endpoint.send(EVENT);
    await endpoint.send(EVENT);
    const [first, second] = receiver.received as [Receiver['received'][0], Receiver['received'][0]];
    expect(second.body).toBe(first.body);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  });

  it.each([
    [200, { delivered: true, gone: false }],
    [299, { delivered: true, gone: false }],
    [302, { delivered: false, gone: false, problem: 'a redirect (302), which is not followed' }],
    [400, { delivered: false, gone: false, problem: 'answered 400' }],
    [410, { delivered: false, gone: true, problem: 'answered 410' }],
    [503, { delivered: false, gone: false, problem: 'answered 503' }],
  ])('takes %d as it is meant', async (status, meant) => {
    receiver.answer = { status, headers: { location: receiver.url } };
    const { at, ...made } = await open().send(EVENT);
    expect(made).toEqual({ ...meant, http_status: status });
    expect(at).toBeInstanceOf(Date);
    expect(receiver.received).toHaveLength(1);
  });

  it('hears how long the receiver wants to be left alone', async () => {
    receiver.answer = { status: 429, headers: { 'retry-after': '120' } };
    expect(await open().send(EVENT)).toMatchObject({ delivered: false, retry_after_seconds: 120 });
  });

  it('takes an answer with an endless body by its head', async () => {
    receiver.answer = { status: 200, body: 'x'.repeat(1024 * 1024) };
    expect(await open().send(EVENT)).toMatchObject({ delivered: true });
  });

  it('says that nobody answered in time, without an address', async () => {
    receiver.answer = undefined;
    const { problem } = await open({ WEBHOOK_TIMEOUT: '1s' }).send(EVENT);
    expect(problem).toBe('no answer within 1 s');
  });

  it('says that nobody is there, without an address', async () => {
    const endpoint = open();
    await receiver.close();
    expect((await endpoint.send(EVENT)).problem).toBe('no answer (ECONNREFUSED)');
    receiver = await startReceiver();
  });

  it('stops with the signal', async () => {
    receiver.answer = undefined;
    const abort = new AbortController();
    const sent = open().send(EVENT, abort.signal);
    abort.abort(new Error('stopped'));
    await expect(sent).rejects.toThrow('stopped');
  });

  it.each([
    [{ WEBHOOK_PRIVATE_HOSTS: '' }, /^WEBHOOK_URL cannot be used: Delivery refused: expected https/],
    [{ WEBHOOK_PRIVATE_HOSTS: '', WEBHOOK_URL: 'https://10.0.0.1/x' }, /not on a public network/],
    [{ WEBHOOK_URL: 'https://a:b@example.org/x' }, /holds a user name/],
    [{ WEBHOOK_SECRET: '' }, /WEBHOOK_URL is set, and WEBHOOK_SECRET is not/],
    [{ WEBHOOK_SECRET: 'secret' }, /secret 1 is not whsec_ and base64/],
    [{ WEBHOOK_SECRET: 'whsec_AAAA' }, /secret 1 has 3 bytes, not 24 to 64/],
    [{ WEBHOOK_SECRET: `${SECRET},${SECRET}` }, /both secrets are the same/],
    [{ WEBHOOK_RETRY_DELAYS: '5s,x' }, /WEBHOOK_RETRY_DELAYS .*comma-separated times from 1s to 7d/],
  ])('refuses %j at the start', (environment, why) => {
    expect(() => open(environment)).toThrow(why);
  });

  it('refuses a public name that leads to a private address, when it connects', async () => {
    const endpoint = open(
      { WEBHOOK_URL: 'https://receiver.example.org/x' },
      {
        rules: {
          resolve: () => Promise.resolve([{ address: '10.1.2.3', family: 4 }]),
          isRefused: (address) => address.startsWith('10.'),
        },
      },
    );
    expect((await endpoint.send(EVENT)).problem).toBe(
      'Delivery refused: receiver.example.org is not on a public network',
    );
  });

  it('has no endpoint where no address is set', () => {
    expect(createWebhookEndpoint(loadSettings({}, WEBHOOK_SETTINGS))).toBeUndefined();
  });
});
