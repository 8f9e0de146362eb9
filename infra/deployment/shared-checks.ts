import type { Deployment, SecretReference } from './deployment.js';
import { LONGEST_GRACE_SECONDS } from './worker-settings.js';

/** Secrets that tasks could not read, since they are in another region. */
export function regionChecks(
  region: string,
  prefix: string,
  secrets: Readonly<Record<string, SecretReference | undefined>>,
): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const at = secret?.arn.split(':')[3];
    return at === undefined || at === region
      ? []
      : [`${prefix}${name}.arn is in ${at}; expected ${region}, where the tasks run`];
  });
}

/** A drain that SIGKILL would cut short. */
export function graceCheck(
  at: string,
  { SHUTDOWN_GRACE_SECONDS: grace }: { SHUTDOWN_GRACE_SECONDS: number },
): string[] {
  return grace > LONGEST_GRACE_SECONDS
    ? [
        `${at}settings.SHUTDOWN_GRACE_SECONDS is ${grace}; expected at most ${LONGEST_GRACE_SECONDS}: Fargate kills a task 120 s after SIGTERM`,
      ]
    : [];
}

/** How a database is reached. @param name where the file says it */
export function addressChecks(
  name: string,
  {
    security_group_id: group,
    cidrs,
    port,
    port_to: to,
  }: Pick<NonNullable<Deployment['mongo']>, 'security_group_id' | 'cidrs' | 'port' | 'port_to'>,
): string[] {
  const problems: string[] = [];
  if ((group !== undefined) === cidrs.length > 0)
    problems.push(`${name} takes either security_group_id or cidrs: how its port is reached`);
  if (to !== undefined && to < port)
    problems.push(`${name}.port_to is ${to}; expected ${port} (its port) or more`);
  return problems;
}
