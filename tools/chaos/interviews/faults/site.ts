import type { WebhookReceiver } from '../../../webhook-receiver/start-receiver.js';
import type { FleetSite, LinkSite } from '../../faults/fault.js';
import type { Gate } from '../../gate.js';
import type { ChaosCourse } from '../chaos-course.js';
import type { InterviewsServers, ServerLink } from '../interviews-servers.js';
import type { Call, KillPoint } from '../kill-points.js';
import type { Troubles } from '../store-troubles.js';
import type { Ways } from '../ways.js';

/** What a fault of interviews may lay its hands on. */
export interface InterviewsSite extends FleetSite, LinkSite<ServerLink | 'receiver'> {
  servers: InterviewsServers;
  /** Of nothing here: how long a paused process sleeps. */
  visibilityTimeoutSeconds: number;
  gate: Gate<KillPoint, Call>;
  killPoints: readonly KillPoint[];
  troubles: Troubles;
  receiver: WebhookReceiver;
  course: ChaosCourse;
  /** Of each process, by its name. */
  ways: ReadonlyMap<string, Ways>;
}
