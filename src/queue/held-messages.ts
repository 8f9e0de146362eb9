import type { ReceivedMessage } from './message-queue.js';
import type { Clock } from './careful-clock.js';

/** SQS ends a message's invisibility 12 hours after its receive, whatever was asked for. */
const MAX_HELD_MS = 12 * 3600 * 1000;

/** SQS counted from before the message travelled to us, so ours is the later clock by a little. */
const MARGIN_SHARE = 0.1;
const MAX_MARGIN_MS = 5_000;

export interface HeldMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly receivedAtMs: number;
  /** When the message may be visible to others, by our careful reckoning. */
  visibleAtMs: number;
  /** Once lost, a receipt stays lost: others may have had the message in between. */
  lost: boolean;
  /** Taken out of extensions while it is being released or deleted, so that none undoes the other. */
  settling: boolean;
}

/** What a lease holds: which receipts, until when they hide their messages, and which of them are lost. */
export class HeldMessages {
  readonly #clock: Clock;
  readonly #visibilityMs: number;
  readonly #marginMs: number;
  readonly #byId = new Map<string, HeldMessage>();

  constructor(clock: Clock, visibilityTimeoutSeconds: number) {
    this.#clock = clock;
    this.#visibilityMs = visibilityTimeoutSeconds * 1000;
    this.#marginMs = Math.min(MAX_MARGIN_MS, this.#visibilityMs * MARGIN_SHARE);
  }

  /** A newer receipt of a message replaces the older one, lost or not. */
  add(messages: readonly ReceivedMessage[]): void {
    const nowMs = this.#clock();
    for (const { messageId, receiptHandle } of messages) {
      this.#byId.set(messageId, {
        messageId,
        receiptHandle,
        receivedAtMs: nowMs,
        visibleAtMs: nowMs + this.#visibilityMs,
        lost: false,
        settling: false,
      });
    }
  }

  now(): number {
    return this.#clock();
  }

  get(messageId: string): HeldMessage | undefined {
    return this.#byId.get(messageId);
  }

  all(): HeldMessage[] {
    return [...this.#byId.values()];
  }

  remove(messages: Iterable<HeldMessage>): void {
    for (const held of messages)
      if (this.#byId.get(held.messageId) === held) this.#byId.delete(held.messageId);
  }

  /** Marks what ran out by the clock; returns what is newly lost. */
  sweep(): HeldMessage[] {
    const nowMs = this.#clock();
    const expired = this.all().filter((held) => !held.lost && nowMs >= held.visibleAtMs - this.#marginMs);
    for (const held of expired) held.lost = true;
    return expired;
  }

  /** What can be extended now, and for how many seconds SQS's 12 hours allow. */
  extendable(): { held: HeldMessage; seconds: number }[] {
    const nowMs = this.#clock();
    return this.all()
      .filter((held) => !held.lost && !held.settling)
      .map((held) => {
        const leftMs = held.receivedAtMs + MAX_HELD_MS - this.#marginMs - nowMs;
        return { held, seconds: Math.floor(Math.min(this.#visibilityMs, leftMs) / 1000) };
      })
      .filter(({ held, seconds }) => seconds > 0 && nowMs + seconds * 1000 > held.visibleAtMs);
  }
}
