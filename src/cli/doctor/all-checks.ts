import type { Check } from '../../commands/finding.js';
import { withSettings } from '../../pipelines/index.js';
import type { Pipeline } from '../../pipelines/pipeline.js';
import type { Environment } from '../../platform/config/environment.js';
import { isGiven } from '../../platform/config/load-settings.js';
import { servedPipelines } from '../../platform/config/served-pipelines.js';
import { choiceCheck, configurationCheck } from './configuration-check.js';
import { temporalCheck } from './temporal-check.js';

/** What every process depends on, and then what each served pipeline does. */
export async function allChecks(
  environment: Environment,
  pipelines: readonly Pipeline[],
  options: Readonly<Record<string, unknown>>,
): Promise<Check[]> {
  const all = await withSettings(pipelines);
  const { served, problems } = servedPipelines(environment, all);
  if (isGiven(environment, 'PIPELINES') && problems.length > 0) return [choiceCheck(problems)];
  // Where the settings name none, the first check says so, and the others what each would need.
  const checked = served.length > 0 ? served : all;
  const own = await Promise.all(checked.map(({ doctor }) => doctor.checks(environment, options)));
  return [configurationCheck(environment, all), temporalCheck(environment, checked), ...own.flat()];
}
