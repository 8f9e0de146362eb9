import type { Environment } from '../../platform/config/environment.js';
import type { Check } from '../../commands/finding.js';
import {
  configurationCheck,
  decoderCheck,
  modelCheck,
  scratchCheck,
  shadowModelCheck,
} from './local-checks.js';
import { mongoCheck } from '../../pipelines/recordings/checks/mongo-check.js';
import { queueCheck } from './queue-check.js';
import { rowsCheck } from '../../pipelines/recordings/checks/rows-check.js';
import { sourceCheck } from '../../pipelines/recordings/checks/source-check.js';
import { audioUrlCheck, bucketsCheck, csvCheck } from '../../pipelines/recordings/checks/storage-check.js';
import type { Pipeline } from '../../pipelines/pipeline.js';
import { temporalCheck } from './temporal-check.js';

/** Everything that a worker depends on, in the order of a record's way. */
export function allChecks(
  environment: Environment,
  pipelines: readonly Pipeline[],
  audioUrl: string | undefined,
  testDate?: string,
): Check[] {
  return [
    configurationCheck(environment),
    temporalCheck(environment, pipelines),
    sourceCheck(environment),
    ...(testDate === undefined ? [] : [rowsCheck(environment, testDate)]),
    queueCheck(environment),
    bucketsCheck(environment),
    ...(audioUrl === undefined ? [] : [audioUrlCheck(environment, audioUrl)]),
    scratchCheck(environment),
    decoderCheck(),
    modelCheck(environment),
    shadowModelCheck(environment),
    mongoCheck(environment),
    csvCheck(environment),
  ];
}
