import { condition } from '@temporalio/workflow';
import type { WaitingEvent, WebhookTry } from '../../contract/webhook.js';

/** How the delivery of an event ended; `left`: the caller did not want to wait longer. */
export type Delivery = Exclude<WebhookTry['outcome'], 'failed'> | 'left';

/** What a delivery that waits is told. */
export interface DeliveryControls {
  /** It is to wait no longer, and to make no further try. */
  left: boolean;
  /** It is to make the next try now. */
  hurried: boolean;
}

/**
 * Tries to deliver an event until it is, or no try is left. What was tried and when the next try is due is kept by the
 * activity, so that another run can go on where this one leaves.
 */
export async function deliverEvent(
  event: WaitingEvent,
  send: (input: { event_id: string }) => Promise<WebhookTry>,
  controls: DeliveryControls = { left: false, hurried: false },
): Promise<Delivery> {
  let waitMs = event.wait_ms;
  for (;;) {
    // While a try was made, its event looked as if the next one were due.
    controls.hurried = false;
    if (waitMs > 0) await condition(() => controls.left || controls.hurried, waitMs);
    if (controls.left) return 'left';
    const made = await send({ event_id: event.event_id });
    if (made.outcome !== 'failed') return made.outcome;
    waitMs = made.wait_ms;
  }
}
