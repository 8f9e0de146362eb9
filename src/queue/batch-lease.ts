import type { Logger } from '../platform/logging/logger.js';
import { HeldMessages, type HeldMessage } from './held-messages.js';
import type { MessageQueue, ReceivedMessage, ReceiptReport } from './message-queue.js';
import { carefulClock, type Clock } from './careful-clock.js';
import { VisibilityExtender } from './visibility-extender.js';

export interface LeaseOptions {
  queue: Pick<MessageQueue, 'changeVisibility' | 'delete'>;
  /** What the messages were received with, and are extended by: whole seconds. */
  visibilityTimeoutSeconds: number;
  /** How long the lease goes on without a stage, e.g. while the workflow decides or its worker is replaced. */
  graceSeconds: number;
  /** Its lines should carry the batch: pass a child. */
  log: Logger;
  /**
   * Called once when the grace ran out, after the messages were given back as well as possible; awaited, and heard
   * when it fails.
   */
  onExpired?: () => unknown;
  /** Told of messages that others may have from now on. */
  onLost?: (messageIds: readonly string[]) => void;
  clock?: Clock;
  random?: () => number;
}

export type LeaseState = 'active' | 'expired' | 'ended';

/** What became of messages by their ids; those in neither list went through. */
export interface LeaseReport {
  lost: string[];
  failed: string[];
}

/** Keeps a batch's messages invisible to others for as long as somebody works on it. */
export interface Lease {
  readonly state: LeaseState;
  /** Covers messages from now on; a newer receipt of a message replaces its older one. Restarts the grace. */
  add(messages: readonly ReceivedMessage[]): void;
  /** Begins a stage; false when the lease is over, and the stage must not begin. Stages may overlap. */
  enter(): boolean;
  /** Ends a stage; after the last one the grace begins. */
  leave(): void;
  /** Whether this process still owns the message: checked before every write for it. */
  isLive(messageId: string): boolean;
  /** The messages that others may have by now; they must be dropped before any write. */
  lost(): ReadonlySet<string>;
  /**
   * Makes messages visible after their delay and lets go of them; those that failed stay covered, unknown and lost ones
   * are passed over.
   */
  release(entries: readonly { messageId: string; delaySeconds: number }[]): Promise<LeaseReport>;
  /** Deletes messages from the queue and lets go of them; those that failed stay covered. */
  acknowledge(messageIds: readonly string[]): Promise<LeaseReport>;
  /** Gives every message still held back at once (a drain), and ends. */
  giveBack(): Promise<LeaseReport>;
  /** Stops extending; what is still held becomes visible by itself. */
  end(): void;
}

/** Starts a lease; its grace begins at once. */
export function startLease(options: LeaseOptions): Lease {
  return new BatchLease(options);
}

class BatchLease implements Lease {
  readonly #options: LeaseOptions;
  readonly #held: HeldMessages;
  readonly #extender: VisibilityExtender;
  #state: LeaseState = 'active';
  #stages = 0;
  #graceTimer: NodeJS.Timeout | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#held = new HeldMessages(options.clock ?? carefulClock(), options.visibilityTimeoutSeconds);
    this.#extender = new VisibilityExtender({ ...options, held: this.#held });
    this.#startGrace();
    this.#extender.start();
  }

  get state(): LeaseState {
    return this.#state;
  }

  add(messages: readonly ReceivedMessage[]): void {
    this.#held.add(messages);
    if (this.#stages === 0) this.#startGrace();
  }

  enter(): boolean {
    if (this.#state !== 'active') return false;
    this.#stages += 1;
    clearTimeout(this.#graceTimer);
    return true;
  }

  leave(): void {
    this.#stages = Math.max(0, this.#stages - 1);
    if (this.#stages === 0) this.#startGrace();
  }

  isLive(messageId: string): boolean {
    this.#sweep();
    return this.#state === 'active' && this.#held.get(messageId)?.lost === false;
  }

  lost(): ReadonlySet<string> {
    this.#sweep();
    const over = this.#state !== 'active';
    return new Set(
      this.#held
        .all()
        .filter((held) => over || held.lost)
        .map((held) => held.messageId),
    );
  }

  async release(entries: readonly { messageId: string; delaySeconds: number }[]): Promise<LeaseReport> {
    const wanted = new Map(entries.map(({ messageId, delaySeconds }) => [messageId, delaySeconds]));
    const messages = this.#claim([...wanted.keys()], (held) => !held.lost);
    try {
      // An extension under way would set the delay back to the whole timeout.
      await this.#extender.underWay;
      const report = await this.#options.queue.changeVisibility(
        messages.map(({ messageId, receiptHandle }) => ({
          receiptHandle,
          seconds: wanted.get(messageId) ?? 0,
        })),
      );
      this.#letGo(messages, report);
      return toLeaseReport(messages, report);
    } finally {
      for (const held of messages) held.settling = false;
    }
  }

  async acknowledge(messageIds: readonly string[]): Promise<LeaseReport> {
    // Lost ones too: their result is written, and with luck the delete spares another delivery.
    const messages = this.#claim(messageIds, () => true);
    try {
      await this.#extender.underWay;
      const report = await this.#options.queue.delete(messages.map(({ receiptHandle }) => receiptHandle));
      this.#letGo(messages, report);
      return toLeaseReport(messages, report);
    } finally {
      for (const held of messages) held.settling = false;
    }
  }

  async giveBack(): Promise<LeaseReport> {
    this.#sweep();
    this.end();
    return await this.release(this.#held.all().map(({ messageId }) => ({ messageId, delaySeconds: 0 })));
  }

  end(): void {
    if (this.#state === 'active') this.#state = 'ended';
    clearTimeout(this.#graceTimer);
    this.#extender.stop();
  }

  /** Known messages that nobody else is settling; from here on they are not extended. */
  #claim(messageIds: readonly string[], accept: (held: HeldMessage) => boolean): HeldMessage[] {
    this.#sweep();
    const messages = [...new Set(messageIds)]
      .map((messageId) => this.#held.get(messageId))
      .filter((held) => held !== undefined)
      .filter((held) => !held.settling && accept(held));
    for (const held of messages) held.settling = true;
    return messages;
  }

  #letGo(messages: readonly HeldMessage[], { failed }: ReceiptReport): void {
    const stillHeld = new Set(failed);
    this.#held.remove(messages.filter(({ receiptHandle }) => !stillHeld.has(receiptHandle)));
  }

  #sweep(): void {
    if (this.#state === 'active') this.#extender.sweep();
  }

  #startGrace(): void {
    clearTimeout(this.#graceTimer);
    if (this.#state !== 'active') return;
    this.#graceTimer = setTimeout(() => void this.#expire(), this.#options.graceSeconds * 1000);
    this.#graceTimer.unref();
  }

  async #expire(): Promise<void> {
    if (this.#state !== 'active') return;
    this.#state = 'expired';
    this.#extender.stop();
    const { log, graceSeconds, onExpired } = this.#options;
    log.warn('lease_expired', { messages: this.#held.all().length, grace_seconds: graceSeconds });
    try {
      const { failed } = await this.release(
        this.#held.all().map(({ messageId }) => ({ messageId, delaySeconds: 0 })),
      );
      // Harmless: the messages become visible by themselves.
      if (failed.length > 0) log.warn('lease_release_failed', { messages: failed.length });
    } catch (error) {
      log.warn('lease_release_failed', { error });
    }
    try {
      await onExpired?.();
    } catch (error) {
      log.error('unexpected_error', { error });
    }
  }
}

function toLeaseReport(messages: readonly HeldMessage[], report: ReceiptReport): LeaseReport {
  const idOf = new Map(messages.map(({ receiptHandle, messageId }) => [receiptHandle, messageId]));
  const toIds = (receipts: readonly string[]): string[] =>
    receipts.map((receipt) => idOf.get(receipt)).filter((messageId) => messageId !== undefined);
  return { lost: toIds(report.lost), failed: toIds(report.failed) };
}
