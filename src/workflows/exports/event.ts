import type { ExportEventInput } from '../../pipelines/exports/contract/event.js';
import { deliverEvent, type Delivery } from '../shared/deliver-event.js';
import { refuseExcess } from '../shared/invalid-input.js';
import { eventActivities } from './export-activities.js';

/**
 * Tells the world how an attempt at an export ended. A job starts it as it ends; the event stands in S3 before it is sent,
 * so that it can be sent again when this has long ended.
 */
export async function exportEventWorkflow(
  input: ExportEventInput,
): Promise<{ event: Delivery | 'nothing_to_tell' }> {
  refuseExcess(input);
  const waiting = await eventActivities.recordEvent(input);
  if (waiting === null) return { event: 'nothing_to_tell' };
  return { event: await deliverEvent(waiting, eventActivities.sendEvent) };
}
