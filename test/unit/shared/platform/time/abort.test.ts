import { getEventListeners } from 'node:events';
import { doneOrAborted, unlessAborted } from '../../../../../src/platform/time/abort.js';

const reason = new Error('The worker is draining');
const never = new Promise<never>(() => undefined);

function abortedSignal(): AbortSignal {
  const controller = new AbortController();
  controller.abort(reason);
  return controller.signal;
}

describe('work that is waited for unless a signal aborts', () => {
  test('gives its own answer or error where none does', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(unlessAborted(Promise.resolve(1), undefined)).resolves.toBe(1);
    await expect(unlessAborted(Promise.reject(new Error('its own')), signal)).rejects.toThrow('its own');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('is left with the signal’s reason, before and while it runs', async () => {
    const controller = new AbortController();
    const running = unlessAborted(never, controller.signal);
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    await expect(unlessAborted(never, abortedSignal())).rejects.toBe(reason);
  });

  test('may fail later without anybody hearing of it', async () => {
    let fail: (error: Error) => void = () => undefined;
    const work = new Promise<never>((_resolve, reject) => (fail = reject));
    await expect(unlessAborted(work, abortedSignal())).rejects.toBe(reason);
    fail(new Error('late'));
    await new Promise(setImmediate);
  });
});

test('either end is an end, and an error before it is thrown', async () => {
  await doneOrAborted(never, abortedSignal());
  await doneOrAborted(Promise.resolve(1), new AbortController().signal);
  await expect(doneOrAborted(Promise.reject(new Error('broken')), undefined)).rejects.toThrow('broken');
});
