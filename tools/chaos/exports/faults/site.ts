import type { ExportApi } from '../../../export-api/start-export-api.js';
import type { FleetSite, LinkSite } from '../../faults/fault.js';
import type { Random } from '../../random.js';
import type { ExportsServers, ServerLink } from '../exports-servers.js';
import type { Gate } from '../gate.js';
import type { KillPoint } from '../kill-points.js';
import type { ChaosExports } from '../seed-chaos-exports.js';
import type { Troubles } from '../store-troubles.js';

/** What a fault of exports may lay its hands on. */
export interface ExportsSite extends FleetSite, LinkSite<ServerLink | 'api'> {
  servers: ExportsServers;
  visibilityTimeoutSeconds: number;
  gate: Gate;
  killPoints: readonly KillPoint[];
  troubles: Troubles;
  apis: ReadonlyMap<string, ExportApi>;
  exports: ChaosExports;
  /** Delivers some download tasks once more; resolves to how many. */
  sendTasksAgain(random: Random): Promise<number>;
}
