import { createHmac } from 'node:crypto';
import { startReceiver, type WebhookReceiver } from '../../../../tools/webhook-receiver/start-receiver.js';

const SECRET = `whsec_${Buffer.from('a key of the tests').toString('base64')}`;
const BODY = JSON.stringify({
  type: 'interview.completed',
  timestamp: '2026-01-02T03:04:05Z',
  data: { revision: 1 },
});

let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await startReceiver({ secrets: [SECRET] });
});
afterEach(() => receiver.stop());

/** As the specification's own example signs it. */
function signed(id: string, { timestamp = Math.floor(Date.now() / 1000), body = BODY } = {}): RequestInit {
  const key = Buffer.from('a key of the tests');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${BODY}`).digest('base64');
  return {
    method: 'POST',
    redirect: 'manual',
    body,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1a,other v1,${signature}`,
    },
  };
}

test('takes what is signed, and a webhook-id once', async () => {
  for (let time = 0; time < 2; time += 1)
    expect((await fetch(receiver.url, signed('msg_1'))).status).toBe(204);
  expect([...receiver.taken]).toEqual([['msg_1', JSON.parse(BODY)]]);
  expect(receiver.deliveries).toHaveLength(2);
});

test.each([
  ['another body', { body: BODY.replace('completed', 'failed') }, 'no webhook-signature'],
  ['an old timestamp', { timestamp: 1_700_000_000 }, 'more than 5 minutes off'],
])('takes nothing with %s', async (_, change, why) => {
  expect((await fetch(receiver.url, signed('msg_1', change))).status).toBe(401);
  expect(receiver.taken.size).toBe(0);
  expect(receiver.deliveries[0]?.notGenuine).toContain(why);
});

test('refuses connections while it is down, and is found where it was', async () => {
  await receiver.down();
  await expect(fetch(receiver.url, signed('msg_1'))).rejects.toThrow();
  await receiver.up();
  expect((await fetch(receiver.url, signed('msg_1'))).status).toBe(204);
});

test('can have taken what it answers with an error', async () => {
  receiver.trouble({ status: 503, retryAfterSeconds: 2 }, { cut: true, taken: true });
  const busy = await fetch(receiver.url, signed('msg_1'));
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '2']);
  await expect(fetch(receiver.url, signed('msg_2'))).rejects.toThrow();
  expect([...receiver.taken.keys()]).toEqual(['msg_2']);
});
