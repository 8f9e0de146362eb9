/** A process that polls, and the build that it says it is; without worker versioning it says none. */
export interface LiveWorker {
  instance: string;
  build: { deploymentName: string; buildId: string } | undefined;
}

/** @param version as Temporal has it, with empty names where there is none */
export function buildOf(
  version: { deploymentName?: string | null; buildId?: string | null } | null | undefined,
): LiveWorker['build'] {
  const { deploymentName, buildId } = version ?? {};
  return deploymentName && buildId ? { deploymentName, buildId } : undefined;
}
