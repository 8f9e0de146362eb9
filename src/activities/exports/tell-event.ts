import { Context } from '@temporalio/activity';
import { z } from 'zod';
import { WORKFLOW_TYPES } from '../../pipelines/exports/contract/names.js';
import { exportIdSchema, sourceSchema } from '../../pipelines/exports/contract/messages.js';
import type { ExportEvents } from '../../pipelines/exports/events/export-events.js';
import { createDeliverOnce, type DeliveryParts } from '../../webhook/deliver.js';
import { checkedInput } from '../shared/checked-input.js';
import { trustedTime } from '../shared/temporal-clock.js';
import type { EventActivities } from './activity-types.js';

const inputSchema = z.strictObject({
  source: sourceSchema,
  export_id: exportIdSchema,
  attempt: z.int().min(1),
});

export interface TellParts extends Omit<DeliveryParts, 'store'> {
  events: ExportEvents;
}

export function createEventActivities({ events, ...parts }: TellParts): EventActivities {
  const deliver = createDeliverOnce({ ...parts, store: events });
  return {
    async recordEvent(raw) {
      const input = checkedInput(inputSchema, raw, WORKFLOW_TYPES.event);
      return (await events.record(input, parts.endpoint !== undefined)) ?? null;
    },
    sendEvent: ({ event_id }) => deliver(event_id, Context.current().cancellationSignal, trustedTime()),
  };
}
