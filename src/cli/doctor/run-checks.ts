import { CANNOT_BE_USED } from '../../platform/config/load-settings.js';
import { ConfigurationError, VachanError } from '../../platform/errors.js';
import { within } from '../../platform/time/within.js';
import { problem, unchecked, type Check, type Finding } from '../../commands/finding.js';

const CHECK_TIMEOUT_SECONDS = 20;

/** Asks all dependencies side by side; the findings come in the checks' order. */
export async function runChecks(checks: readonly Check[]): Promise<Finding[]> {
  return (await Promise.all(checks.map(runCheck))).flat();
}

async function runCheck({
  name,
  todo,
  run,
  timeoutSeconds = CHECK_TIMEOUT_SECONDS,
}: Check): Promise<Finding[]> {
  try {
    return await within(timeoutSeconds * 1000, run(), () => [
      problem(name, `no answer within ${timeoutSeconds} s`, todo),
    ]);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    // The check of the configuration lists these; settings that only contradict each other are found out here.
    if (error instanceof ConfigurationError && detail.startsWith(CANNOT_BE_USED)) {
      return [unchecked(name, 'its settings are missing or wrong')];
    }
    return [problem(name, detail, error instanceof VachanError ? todo : `${todo} (not foreseen)`)];
  }
}
