import { MockActivityEnvironment } from '@temporalio/testing';

const silent = (): void => undefined;
/** Activities that fail on purpose would fill the report with the SDK's own warnings. */
const SILENT_LOGGER = {
  log: silent,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
};

/** Where an activity runs as it would in a worker; `cancel()` cancels it, and it emits `heartbeat`. */
export function activityEnvironment(
  info: ConstructorParameters<typeof MockActivityEnvironment>[0] = {},
): MockActivityEnvironment {
  return new MockActivityEnvironment(info, { logger: SILENT_LOGGER });
}

/** Runs one activity as a worker would. */
export function inActivity<T>(activity: () => Promise<T>): Promise<T> {
  return activityEnvironment().run(activity);
}
