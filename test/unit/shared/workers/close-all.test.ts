import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { closeAll } from '../../../../src/workers/close-all.js';

test('everything is closed, the last first, though one of them fails', async () => {
  const closed: string[] = [];
  const broken = new Error('the connection is still in use');
  const log = recordingLogger();
  const closers = [
    () => closed.push('clients'),
    () => Promise.reject(broken),
    () => {
      throw broken;
    },
    () => closed.push('health'),
  ];
  expect(await closeAll(closers, log)).toEqual([broken, broken]);
  expect(closed).toEqual(['health', 'clients']);
  expect(log.of('unexpected_error')).toHaveLength(2);
});
