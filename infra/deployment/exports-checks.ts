import type { ExportsSettings } from '../../src/pipelines/exports/settings/index.js';
import type { ExportsDeployment } from './exports.js';
import { wrongFargateSize } from './fargate-size.js';
import { graceCheck, regionChecks } from './shared-checks.js';

/** What only several values of the part `exports` together show to be wrong; a line each. */
export function exportsChecks(
  region: string,
  exports: ExportsDeployment,
  configuration: ExportsSettings | undefined,
): string[] {
  const { orchestrator, worker, secret_settings: secrets } = exports;
  const problems: string[] = [];
  for (const [name, { cpu, memory_mib }] of Object.entries({ orchestrator, worker })) {
    const wrong = wrongFargateSize(cpu, memory_mib);
    if (wrong !== undefined) problems.push(`exports.${name}.${wrong}`);
  }
  if (orchestrator.memory_limit_mib > orchestrator.memory_mib)
    problems.push(
      `exports.orchestrator.memory_limit_mib is ${orchestrator.memory_limit_mib}; expected at most memory_mib, which is ${orchestrator.memory_mib}`,
    );
  for (const field of ['min_tasks', 'on_demand_tasks'] as const)
    if (worker[field] > worker.max_tasks)
      problems.push(
        `exports.worker.${field} is ${worker[field]}; expected at most max_tasks, which is ${worker.max_tasks}`,
      );
  const { output_prefix: output, state_prefix: state } = exports;
  if (`${output}/`.startsWith(`${state}/`) || `${state}/`.startsWith(`${output}/`))
    problems.push(
      `exports.state_prefix is ${state}; expected a folder apart from output_prefix, which is ${output}`,
    );
  problems.push(...regionChecks(region, 'exports.secret_settings.', secrets));
  if (Object.hasOwn(secrets, 'WEBHOOK_URL') && exports.receiver_cidrs.length === 0)
    problems.push(
      'exports.secret_settings.WEBHOOK_URL names a receiver; receiver_cidrs has to say where it is',
    );
  if (configuration !== undefined) problems.push(...graceCheck('exports.', configuration));
  return problems;
}
