import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { createDeliverOnce, type MadeTry } from '../../../../src/webhook/deliver.js';
import type { DeliveryTry } from '../../../../src/webhook/endpoint.js';

const NOW = new Date('2026-01-02T03:04:05Z');

/** An event in memory, an endpoint whose answers a test says, and what is remembered of both. */
function scene(answers: Partial<DeliveryTry>[], { tries = 0, delays = [5, 300] } = {}) {
  const event = { id: 'evt_1', type: 'thing.completed', at: NOW, data: {} };
  const kept: { state: 'pending' | 'delivered' | 'undelivered'; made?: MadeTry; next?: Date; tries: number } =
    {
      state: 'pending',
      tries,
    };
  const disabled = new Map<string, { at: Date; reason: string }>();
  const log = recordingLogger();
  let sent = 0;
  const deliver = createDeliverOnce({
    endpoint: {
      key: 'k',
      origin: 'https://receiver.example.org',
      delays,
      send: () => {
        sent += 1;
        return Promise.resolve({ at: NOW, delivered: false, gone: false, ...answers.shift() });
      },
      close: () => undefined,
    },
    states: {
      disabled: (key) => Promise.resolve(disabled.get(key)),
      disable: (key, why) => Promise.resolve(void disabled.set(key, why)),
      enable: (key) => Promise.resolve(disabled.delete(key)),
    },
    store: {
      pending: () => Promise.resolve(kept.state === 'pending' ? { event, tries: kept.tries } : undefined),
      delivered: (_id, made) => Promise.resolve(void Object.assign(kept, { state: 'delivered', made })),
      failed: (_id, made, next) => {
        Object.assign(kept, { made, next, tries: kept.tries + 1 });
        if (next === undefined) kept.state = 'undelivered';
        return Promise.resolve();
      },
    },
    log,
    now: () => NOW,
    random: () => 0,
  });
  return { deliver: () => deliver('e1'), kept, disabled, log, sent: () => sent };
}

describe('one try at an event', () => {
  it('writes down that the receiver has it', async () => {
    const { deliver, kept, sent } = scene([{ delivered: true, http_status: 204 }]);
    expect(await deliver()).toEqual({ outcome: 'delivered' });
    expect(kept).toMatchObject({ state: 'delivered', made: { at: NOW, http_status: 204 } });
    expect(await deliver()).toEqual({ outcome: 'dropped' });
    expect(sent()).toBe(1);
  });

  it('says how long to wait, and writes down when the next try is due', async () => {
    const { deliver, kept } = scene([{ http_status: 503, problem: 'answered 503', retry_after_seconds: 60 }]);
    expect(await deliver()).toEqual({ outcome: 'failed', wait_ms: 60_000 });
    expect(kept.next).toEqual(new Date(NOW.getTime() + 60_000));
  });

  it('gives up after the last delay, and says so as an error', async () => {
    const { deliver, kept, log } = scene([{ problem: 'no answer (ECONNREFUSED)' }], { tries: 2 });
    expect(await deliver()).toEqual({ outcome: 'undelivered' });
    expect(kept.state).toBe('undelivered');
    expect(log.of('webhook_undelivered')).toMatchObject([
      { level: 'error', webhook_id: 'evt_1', problem: 'no answer (ECONNREFUSED)' },
    ]);
  });

  it('disables an endpoint that is gone, and sends nothing there until it is enabled', async () => {
    const { deliver, kept, disabled, sent } = scene([
      { gone: true, http_status: 410, problem: 'answered 410' },
      { delivered: true },
    ]);
    expect(await deliver()).toEqual({ outcome: 'undelivered' });
    kept.state = 'pending';
    expect(await deliver()).toEqual({ outcome: 'undelivered' });
    expect(sent()).toBe(1);
    expect(kept.made?.problem).toBe('the endpoint is disabled');

    disabled.clear();
    kept.state = 'pending';
    expect(await deliver()).toEqual({ outcome: 'delivered' });
  });
});
