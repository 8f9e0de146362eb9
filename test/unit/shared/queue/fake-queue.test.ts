import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { fakeQueue } from '../activities/fake-queue.js';
import { describeMessageQueue } from './message-queue-contract.js';

describeMessageQueue('the fake of unit tests', () => {
  const queue = fakeQueue();
  return Promise.resolve({
    queue,
    setOutage: (away) => {
      queue.broken = away ? new DependencyUnavailable('SQS did not answer') : undefined;
    },
  });
});
