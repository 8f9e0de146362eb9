import type { RecordingsSettings } from '../../src/pipelines/recordings/settings/index.js';
import type { Deployment, RecordingsDeployment, SecretReference } from './deployment.js';
import { addressChecks, graceCheck, regionChecks } from './shared-checks.js';
import { EPHEMERAL_STORAGE_GIB, scratchGib, wrongFargateSize } from './fargate-size.js';

/** What only several values together show to be wrong, whatever the deployment has; a line each. */
export function crossChecks(deployment: Deployment): string[] {
  return [...networkChecks(deployment), ...secretChecks(deployment)];
}

/** The same of recordings' part. */
export function recordingsChecks(
  deployment: RecordingsDeployment,
  configuration: RecordingsSettings | undefined,
): string[] {
  return [
    ...databaseChecks(deployment),
    ...sizeChecks(deployment),
    ...(configuration === undefined ? [] : settingChecks(deployment, configuration)),
  ];
}

function networkChecks({ network }: Deployment): string[] {
  const problems: string[] = [];
  const zones = network.availability_zones.length;
  if (network.private_subnet_ids.length !== zones) {
    problems.push(
      `network.private_subnet_ids has ${network.private_subnet_ids.length} subnets; expected one for each of the ${zones} availability_zones, in their order`,
    );
  }
  const tables = network.private_route_table_ids.length;
  if (tables !== 1 && tables !== zones) {
    problems.push(
      `network.private_route_table_ids has ${tables}; expected one, or one for each of the ${zones} subnets`,
    );
  }
  return problems;
}

function databaseChecks({ mongo, postgres }: RecordingsDeployment): string[] {
  return [
    ...addressChecks('mongo', mongo),
    ...(postgres === undefined ? [] : addressChecks('postgres', postgres)),
  ];
}

function secretChecks({ region, temporal, mongo, postgres, secret_settings }: Deployment): string[] {
  const problems: string[] = [];
  const { api_key, client_cert, client_key } = temporal;
  if ((client_cert === undefined) !== (client_key === undefined))
    problems.push('temporal.client_cert and temporal.client_key belong together; one is missing');
  if (api_key !== undefined && client_cert !== undefined)
    problems.push('temporal takes an api_key or a client_cert with its client_key, not both');
  const secrets: Record<string, SecretReference | undefined> = {
    'temporal.api_key': api_key,
    'temporal.client_cert': client_cert,
    'temporal.client_key': client_key,
    'mongo.uri': mongo?.uri,
    'postgres.dsn': postgres?.dsn,
    ...Object.fromEntries(
      Object.entries(secret_settings).map(([name, secret]) => [`secret_settings.${name}`, secret]),
    ),
  };
  return [...problems, ...regionChecks(region, '', secrets)];
}

function sizeChecks({ inference, orchestrator, prescale }: RecordingsDeployment): string[] {
  const problems: string[] = [];
  for (const [name, { cpu, memory_mib }] of Object.entries({ orchestrator, inference })) {
    const wrong = wrongFargateSize(cpu, memory_mib);
    if (wrong !== undefined) problems.push(`${name}.${wrong}`);
  }
  const { min_tasks, max_tasks, on_demand_tasks } = inference;
  if (min_tasks > max_tasks)
    problems.push(`inference.min_tasks is ${min_tasks}; expected at most max_tasks, which is ${max_tasks}`);
  if (on_demand_tasks > max_tasks)
    problems.push(
      `inference.on_demand_tasks is ${on_demand_tasks}; expected at most max_tasks, which is ${max_tasks}`,
    );
  if (prescale.tasks < min_tasks || prescale.tasks > max_tasks)
    problems.push(
      `prescale.tasks is ${prescale.tasks}; expected from min_tasks to max_tasks, ${min_tasks} to ${max_tasks}`,
    );
  if (prescale.at === prescale.release_at)
    problems.push(
      `prescale.release_at is ${prescale.release_at}, the time of prescale.at; expected a later one`,
    );
  return problems;
}

function settingChecks(
  { network, inference }: RecordingsDeployment,
  configuration: RecordingsSettings,
): string[] {
  const problems = graceCheck('', configuration);
  const hosts = configuration.AUDIO_ALLOWED_HOSTS;
  if (hosts.length > 0 && network.audio_cidrs.length === 0)
    problems.push('settings.AUDIO_ALLOWED_HOSTS names hosts; network.audio_cidrs has to say where they are');
  const needed = scratchGib(configuration);
  if (inference.ephemeral_storage_gib === undefined && needed > EPHEMERAL_STORAGE_GIB.max) {
    problems.push(
      `BATCH_SIZE × MAX_CONCURRENCY × AUDIO_MAX_BYTES can fill ${needed} GiB and Fargate offers ${EPHEMERAL_STORAGE_GIB.max}; lower one of them, or say inference.ephemeral_storage_gib`,
    );
  }
  return problems;
}
