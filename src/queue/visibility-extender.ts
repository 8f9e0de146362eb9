import type { Logger } from '../platform/logging/logger.js';
import type { HeldMessage, HeldMessages } from './held-messages.js';
import type { MessageQueue, ReceiptReport } from './message-queue.js';

export interface VisibilityExtenderOptions {
  queue: Pick<MessageQueue, 'changeVisibility'>;
  held: HeldMessages;
  visibilityTimeoutSeconds: number;
  log: Logger;
  /** Told of messages that others may have from now on. */
  onLost?: ((messageIds: readonly string[]) => void) | undefined;
  random?: () => number;
}

/** Two further tries fit before the visibility ends. */
const ROUNDS_PER_TIMEOUT = 3;

/** After a failure the next try comes sooner, because the remaining time shrinks. */
const RETRIES_PER_TIMEOUT = 10;

/** Up to this share earlier, so that a host's batches do not all extend in the same second. */
const JITTER = 0.2;

interface Extension {
  held: HeldMessage;
  seconds: number;
}

/** Extends held messages again and again, well before their visibility ends, and notes which receipts are lost. */
export class VisibilityExtender {
  readonly #options: VisibilityExtenderOptions;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #underWay: Promise<void> | undefined;

  constructor(options: VisibilityExtenderOptions) {
    this.#options = options;
  }

  /** The round under way, if any; never two at once. */
  get underWay(): Promise<void> | undefined {
    return this.#underWay;
  }

  start(): void {
    this.#schedule(ROUNDS_PER_TIMEOUT);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Marks messages as lost whose visibility may have ended by the clock. */
  sweep(): void {
    this.#logLost(this.#options.held.sweep(), 'visibility may have run out');
  }

  /** The next round is scheduled only when one has ended, so that a slow one is never overtaken. */
  #schedule(partsOfTimeout: number): void {
    if (this.#stopped) return;
    const { visibilityTimeoutSeconds, random = Math.random } = this.#options;
    const delayMs = ((visibilityTimeoutSeconds * 1000) / partsOfTimeout) * (1 - JITTER * random());
    this.#timer = setTimeout(() => {
      this.#underWay = this.#round().then((complete) => {
        this.#underWay = undefined;
        this.#schedule(complete ? ROUNDS_PER_TIMEOUT : RETRIES_PER_TIMEOUT);
      });
    }, delayMs);
    this.#timer.unref();
  }

  /** Whether every extension went through or was refused for good. */
  async #round(): Promise<boolean> {
    const { queue, held, log } = this.#options;
    let extensions: Extension[] = [];
    try {
      this.sweep();
      extensions = held.extendable();
      if (extensions.length === 0) return true;
      const startedAtMs = held.now();
      const report = await queue.changeVisibility(
        extensions.map(({ held: { receiptHandle }, seconds }) => ({ receiptHandle, seconds })),
      );
      // What ran out while the call was slow may have been with others before it took effect.
      this.sweep();
      this.#apply(extensions, report, startedAtMs);
      if (report.failed.length > 0) log.warn('lease_extension_failed', { messages: report.failed.length });
      return report.failed.length === 0;
    } catch (error) {
      log.warn('lease_extension_failed', { messages: extensions.length, error });
      return false;
    }
  }

  #apply(extensions: readonly Extension[], report: ReceiptReport, startedAtMs: number): void {
    const lost = new Set(report.lost);
    const failed = new Set(report.failed);
    const newlyLost: HeldMessage[] = [];
    for (const { held, seconds } of extensions) {
      if (lost.has(held.receiptHandle)) {
        if (!held.lost) newlyLost.push(held);
        held.lost = true;
      } else if (!failed.has(held.receiptHandle)) {
        // Counted from before the call: SQS may have begun to count as early.
        held.visibleAtMs = startedAtMs + seconds * 1000;
      }
    }
    this.#logLost(newlyLost, 'receipt no longer valid');
  }

  #logLost(messages: readonly HeldMessage[], reason: string): void {
    if (messages.length === 0) return;
    const messageIds = messages.map(({ messageId }) => messageId);
    this.#options.log.warn('lease_receipts_lost', { reason, message_ids: messageIds });
    this.#options.onLost?.(messageIds);
  }
}
