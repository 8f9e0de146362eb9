import { CancellationScope, condition } from '@temporalio/workflow';
import type { WaitingEvent } from '../../contract/webhook.js';
import { deliverEvent, type Delivery, type DeliveryControls } from '../shared/deliver-event.js';
import { eventActivities } from './event-activities.js';

/** The deliveries of one interview's events, each of which goes on by itself. */
export interface Deliveries {
  /** How many ended how. */
  readonly ended: Readonly<Record<Delivery, number>>;
  /** True once none is under way, and where one is broken. */
  isAtRest(): boolean;
  /**
   * Begins to deliver what is new, tries at once what is due though it waits (somebody wants it sent again), and stops to
   * wait for what is not among these any more.
   */
  follow(waiting: readonly WaitingEvent[]): void;
  /** @throws what broke a delivery */
  throwIfBroken(): void;
  /** Stops all waiting, and lets tries that are being made end. */
  leave(): Promise<void>;
}

export function createDeliveries(): Deliveries {
  const running = new Map<string, DeliveryControls>();
  const ended: Record<Delivery, number> = { delivered: 0, undelivered: 0, dropped: 0, left: 0 };
  let failure: { error: unknown } | undefined;

  const begin = (event: WaitingEvent): void => {
    const delivery = { left: false, hurried: false };
    running.set(event.event_id, delivery);
    void deliverEvent(event, eventActivities.sendEvent, delivery)
      .then(
        (how) => void (ended[how] += 1),
        (error: unknown) => void (failure ??= { error }),
      )
      .finally(() => running.delete(event.event_id));
  };

  return {
    ended,
    isAtRest: () => running.size === 0 || failure !== undefined,
    throwIfBroken() {
      if (failure !== undefined) throw failure.error;
    },
    follow(waiting) {
      for (const [id, delivery] of running) {
        const event = waiting.find(({ event_id }) => event_id === id);
        delivery.left = event === undefined;
        delivery.hurried = event?.wait_ms === 0;
      }
      for (const event of waiting) if (!running.has(event.event_id)) begin(event);
    },
    async leave() {
      for (const delivery of running.values()) delivery.left = true;
      await CancellationScope.nonCancellable(() => condition(() => running.size === 0));
    },
  };
}
