import { CANNOT_BE_USED } from '../../platform/config/load-configuration.js';
import { ConfigurationError, VachanError } from '../../platform/errors.js';

/**
 * `warning`: works, or will by itself, but somebody should know. `unchecked`: something before it has to be put
 * right first, or the settings name nothing to check.
 */
export type FindingStatus = 'ok' | 'warning' | 'problem' | 'unchecked';

/** What was found out about one thing that a worker depends on. */
export interface Finding {
  check: string;
  status: FindingStatus;
  detail: string;
  /** What to do about it. */
  todo?: string;
}

/** Asks one dependency. A failure that is thrown becomes a problem. */
export interface Check {
  name: string;
  /** What to do when it fails for a reason that is not known better. */
  todo: string;
  run: () => Promise<Finding[]>;
  /** @default 20: the longest that a healthy dependency takes, on a bad line */
  timeoutSeconds?: number;
}

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
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>((resolve) => {
    const finding = problem(name, `no answer within ${timeoutSeconds} s`, todo);
    timer = setTimeout(() => resolve([finding]), timeoutSeconds * 1000);
  });
  try {
    return await Promise.race([run(), late]);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    // The check of the configuration lists these; settings that only contradict each other are found out here.
    if (error instanceof ConfigurationError && detail.startsWith(CANNOT_BE_USED)) {
      return [unchecked(name, 'its settings are missing or wrong')];
    }
    return [problem(name, detail, error instanceof VachanError ? todo : `${todo} (not foreseen)`)];
  } finally {
    clearTimeout(timer);
  }
}

export const ok = (check: string, detail: string): Finding => ({ check, status: 'ok', detail });
export const warning = (check: string, detail: string, todo: string): Finding => ({
  check,
  status: 'warning',
  detail,
  todo,
});
export const problem = (check: string, detail: string, todo: string): Finding => ({
  check,
  status: 'problem',
  detail,
  todo,
});
export const unchecked = (check: string, detail: string, todo?: string): Finding => ({
  check,
  status: 'unchecked',
  detail,
  ...(todo !== undefined && { todo }),
});
