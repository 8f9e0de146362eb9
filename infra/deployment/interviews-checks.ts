import type { InterviewsSettings } from '../../src/pipelines/interviews/settings/index.js';
import { wrongFargateSize } from './fargate-size.js';
import type { InterviewsDeployment } from './interviews.js';
import { addressChecks, graceCheck, regionChecks } from './shared-checks.js';

/** What only several values of the part `interviews` together show to be wrong; a line each. */
export function interviewsChecks(
  region: string,
  interviews: InterviewsDeployment,
  configuration: InterviewsSettings | undefined,
): string[] {
  const { orchestrator, worker, mongo, id_key, secret_settings: secrets } = interviews;
  const problems = addressChecks('interviews.mongo', mongo);
  for (const [name, { cpu, memory_mib }] of Object.entries({ orchestrator, worker })) {
    const wrong = wrongFargateSize(cpu, memory_mib);
    if (wrong !== undefined) problems.push(`interviews.${name}.${wrong}`);
  }
  if (orchestrator.memory_limit_mib > orchestrator.memory_mib)
    problems.push(
      `interviews.orchestrator.memory_limit_mib is ${orchestrator.memory_limit_mib}; expected at most memory_mib, which is ${orchestrator.memory_mib}`,
    );
  for (const field of ['min_tasks', 'on_demand_tasks'] as const)
    if (worker[field] > worker.max_tasks)
      problems.push(
        `interviews.worker.${field} is ${worker[field]}; expected at most max_tasks, which is ${worker.max_tasks}`,
      );
  problems.push(
    ...regionChecks(region, 'interviews.', { 'mongo.uri': mongo.uri, id_key }),
    ...regionChecks(region, 'interviews.secret_settings.', secrets),
  );
  if (configuration !== undefined) problems.push(...graceCheck('interviews.', configuration));
  if (Object.hasOwn(secrets, 'WEBHOOK_URL') && interviews.receiver_cidrs.length === 0)
    problems.push(
      'interviews.secret_settings.WEBHOOK_URL names a receiver; receiver_cidrs has to say where it is',
    );
  return problems;
}
