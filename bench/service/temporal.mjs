// A Temporal server alone, for benches of orchestration.
import { atEnd, benchFolder, keep } from '../cleanup.mjs';

/**
 * Starts a server in a folder of its own; it is gone when the bench ends.
 *
 * @returns `{address, client}`
 */
export async function startTemporalServer(root, name) {
  const { startTemporal } = await import('#tools/stack/temporal-server.js');
  const { Client, Connection } = await import('@temporalio/client');
  const folder = benchFolder(root, name);
  const server = await keep(
    startTemporal({ folder, environment: process.env, log: () => undefined }),
    (started) => started.stop(),
  );
  const { address, namespace } = server.endpoints;
  const connection = await Connection.connect({ address });
  atEnd(() => connection.close());
  return { address, client: new Client({ connection, namespace }) };
}
