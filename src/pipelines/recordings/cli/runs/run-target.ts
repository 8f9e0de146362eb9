import { isCalendarDate } from '../../../../contract/dates.js';
import { discoveryWorkflowId } from '../../contract/names.js';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import type { Environment } from '../../../../platform/config/environment.js';
import { CommandMisused } from '../../../../commands/command-misused.js';
import { pick } from '../../../../platform/config/settings-table.js';
import { RECORDINGS_SETTINGS } from '../../settings/index.js';

/** The name under which the source's rows are known: the collection's, or the table's. */
export function sourceCollection(environment: Environment): string {
  const settings = loadSettings(
    environment,
    pick(RECORDINGS_SETTINGS, 'DISCOVERY_SOURCE_TYPE', 'MONGO_SOURCE_COLLECTION', 'POSTGRES_TABLE'),
  );
  return settings.DISCOVERY_SOURCE_TYPE === 'postgres'
    ? settings.POSTGRES_TABLE
    : settings.MONGO_SOURCE_COLLECTION;
}

/** @throws CommandMisused when there is neither a date given nor one in TEST_DATE, or it is none */
export function testDateOr(given: string | undefined, environment: Environment): string {
  const testDate = given ?? loadSettings(environment, pick(RECORDINGS_SETTINGS, 'TEST_DATE')).TEST_DATE;
  if (testDate === undefined) {
    throw new CommandMisused('No test date: give one as YYYY-MM-DD, or set TEST_DATE.');
  }
  if (!isCalendarDate(testDate)) {
    throw new CommandMisused(
      `The test date is ${JSON.stringify(testDate)}; expected a calendar date as YYYY-MM-DD.`,
    );
  }
  return testDate;
}

/**
 * The id of a date's discovery; undefined for what does not look like a date.
 *
 * @throws CommandMisused for what looks like one and is none
 */
export function workflowIdOf(target: string, environment: Environment): string | undefined {
  if (!/^[\d/.-]+$/.test(target)) return undefined;
  return discoveryWorkflowId(sourceCollection(environment), testDateOr(target, environment));
}
