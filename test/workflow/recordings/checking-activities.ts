import { atActivityBoundary } from '../../../src/activities/shared/activity-boundary.js';
import { recordingReader } from '../../../src/activities/recordings/recording-delivery.js';
import { createReceiveActivity } from '../../../src/activities/shared/receive-batch.js';
import { createPrepareActivities } from '../../../src/activities/recordings/prepare-run.js';
import { BASE_SETTINGS } from '../../../src/platform/config/base-settings.js';
import { loadSettings } from '../../../src/platform/config/load-settings.js';
import { silentLogger } from '../../../src/platform/logging/logger.js';
import { RECORDINGS_SETTINGS } from '../../../src/pipelines/recordings/settings/index.js';
import type { FakeActivities, FakeRun } from './fake-run.js';

export const config = loadSettings(
  {
    SQS_QUEUE_URL: 'http://localhost:4566/000000000000/recordings',
    MONGO_URI: 'mongodb://localhost:27017',
  },
  BASE_SETTINGS,
  RECORDINGS_SETTINGS,
);

const unused = (): never => {
  throw new Error('a wrong input must not get this far');
};

/** A run's activities, of which those that check what it is started with are the real ones. */
export function checkingActivities(fake: FakeRun): FakeActivities {
  const prepare = createPrepareActivities({
    config,
    source: { sourceCollection: 'student_assessment_record' },
    states: { load: () => Promise.resolve(null) },
    queueFor: () => ({ ping: () => Promise.resolve() }),
    log: silentLogger,
  });
  const receive = createReceiveActivity({
    reader: recordingReader('recording'),
    store: undefined as never,
    queueFor: unused,
    hostTaskQueue: 'none',
    visibilityTimeoutSeconds: 30,
    maxBatchWaitSeconds: 1,
    malformedMessages: 'delete',
    findDeadLetters: unused,
    log: silentLogger,
  });
  return atActivityBoundary({ ...fake.activities(), ...prepare, ...receive }, silentLogger);
}
