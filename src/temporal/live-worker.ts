import { hostname } from 'node:os';

/** A process that polls, and the build that it says it is; without worker versioning it says none. */
export interface LiveWorker {
  instance: string;
  build: { deploymentName: string; buildId: string } | undefined;
  /** Tasks that it takes at once, where its identity says so. */
  places: number | undefined;
}

/** @param version as Temporal has it, with empty names where there is none */
export function buildOf(
  version: { deploymentName?: string | null; buildId?: string | null } | null | undefined,
): LiveWorker['build'] {
  const { deploymentName, buildId } = version ?? {};
  return deploymentName && buildId ? { deploymentName, buildId } : undefined;
}

/**
 * How this process names itself to Temporal. What it takes at once is part of it, since a server tells others of a worker
 * its identity and nothing else that is the worker's to say.
 */
export function workerIdentity(places?: number): string {
  const name = `${process.pid}@${hostname()}`;
  return places === undefined ? name : `${name} places=${places}`;
}

/** The reverse of {@link workerIdentity}. */
export function placesOf(identity: string | null | undefined): number | undefined {
  const places = / places=(\d{1,4})$/.exec(identity ?? '')?.[1];
  return places === undefined ? undefined : Number(places);
}
