import type { DisabledEndpoint } from '../../../../src/webhook/endpoint-states.js';
import type { LoggedEvent } from '../../../../src/webhook/webhook-log.js';
import { errands } from '../pipelines/errands.js';
import { startReceiver, type Receiver } from '../webhook/receiver.js';
import { cli, type CliRun } from './fake-context.js';

const AT = new Date('2025-12-20T13:40:00Z');
const EVENT: LoggedEvent = {
  webhook_id: 'evt_1',
  type: 'errand.done',
  about: 'bread',
  status: 'pending',
  created_at: AT,
  tries: 2,
  next_try_at: new Date('2025-12-20T14:00:00Z'),
  last_try: { at: AT, http_status: 503, problem: 'answered 503' },
};

describe('vachan webhook', () => {
  let receiver: Receiver;
  let disabled: Map<string, DisabledEndpoint>;
  const asked: object[] = [];
  beforeEach(async () => {
    receiver = await startReceiver();
    disabled = new Map();
    asked.length = 0;
  });
  afterEach(() => receiver.close());

  const vachan = (...args: string[]): Promise<CliRun> =>
    cli(['webhook', ...args], {
      environment: {
        ERRANDS_SHOP: 'corner',
        WEBHOOK_URL: receiver.url,
        WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
        WEBHOOK_PRIVATE_HOSTS: receiver.host,
      },
      others: [
        errands({
          webhooks: {
            open: () =>
              Promise.resolve({
                endpoints: {
                  disabled: (key) => Promise.resolve(disabled.get(key) ?? disabled.get('any')),
                  disable: () => Promise.resolve(),
                  enable: () => Promise.resolve(disabled.delete('any')),
                },
                latest: (query) => {
                  asked.push(query);
                  return Promise.resolve([EVENT]);
                },
                close: () => Promise.resolve(),
              }),
          },
        }),
      ],
    });

  test('test posts a signed event, and says what the receiver answers', async () => {
    const { code, out } = await vachan('test');
    expect(code).toBe(0);
    expect(out[0]).toMatch(/^webhook\.test evt_[0-9a-f]{32} to http:\/\/127.*: delivered, answered 204\.$/);
    expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({ type: 'webhook.test' });
  });

  test('test ends with 1 where the event was not taken', async () => {
    receiver.answer = { status: 401 };
    const { code, json } = await vachan('test', '--json');
    expect(code).toBe(1);
    expect(json()[0]).toMatchObject({ delivered: false, http_status: 401, problem: 'answered 401' });
  });

  test('log lists events with their last answer and the next try', async () => {
    const { out } = await vachan('log', '--status', 'pending', '--limit', '7');
    expect(asked).toEqual([{ limit: 7, status: 'pending' }]);
    expect(out[0]).toMatch(/^EVENT .* LAST ANSWER +NEXT TRY/);
    expect(out[0]).toMatch(
      /evt_1 +errand\.done +bread +2025-12-20 13:40:00Z +pending +2 +answered 503 +2025-12-20 14:00:00Z/,
    );
    expect((await vachan('log', '--json')).json()[0]).toMatchObject({
      pipeline: 'errands',
      webhook_id: 'evt_1',
    });
  });

  test('log refuses a status that there is not', async () => {
    const { code, err } = await vachan('log', '--status', 'lost');
    expect(code).toBe(2);
    expect(err.join('\n')).toContain('pending, delivered, superseded, undelivered, unsent');
  });

  test('enable says since when the endpoint was disabled, and enables it once', async () => {
    disabled.set('any', { at: AT, reason: 'answered 410' });
    expect((await vachan('enable')).out[0]).toMatch(
      /errands again\. Disabled 2025-12-20T13:40.*answered 410\.$/,
    );
    expect((await vachan('enable')).out).toEqual([`http://${receiver.host} was not disabled.`]);
  });
});
