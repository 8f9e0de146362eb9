import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { startLease, type LeaseOptions } from '../../../../src/queue/batch-lease.js';
import type { ReceiptReport } from '../../../../src/queue/message-queue.js';
import { received } from './received.js';

type Change = { receiptHandle: string; seconds: number };
export const fine: ReceiptReport = { lost: [], failed: [] };

/** A queue whose answers the test decides; the default is that everything goes through. */
function fakeQueue() {
  const changes: Change[][] = [];
  const deletes: string[][] = [];
  const answers = {
    change: (_entries: readonly Change[]): Promise<ReceiptReport> => Promise.resolve(fine),
    delete: (_receipts: readonly string[]): Promise<ReceiptReport> => Promise.resolve(fine),
  };
  return {
    changes,
    deletes,
    answers,
    changeVisibility: (entries: readonly Change[]) => {
      changes.push([...entries]);
      return answers.change(entries);
    },
    delete: (receipts: readonly string[]) => {
      deletes.push([...receipts]);
      return answers.delete(receipts);
    },
  };
}

export function lease(overrides: Partial<LeaseOptions> = {}) {
  const queue = fakeQueue();
  const log = recordingLogger();
  const started = startLease({
    queue,
    visibilityTimeoutSeconds: 30,
    graceSeconds: 20,
    log,
    random: () => 0,
    ...overrides,
  });
  return { queue, log, lease: started };
}

/** The same while a stage runs on a batch of so many messages, received once each. */
export function inStage(count = 1, overrides: Partial<LeaseOptions> = {}) {
  const started = lease(overrides);
  started.lease.add(received(count));
  started.lease.enter();
  return started;
}

export const says = (report: ReceiptReport) => (): Promise<ReceiptReport> => Promise.resolve(report);
export const fails = (): Promise<ReceiptReport> => Promise.reject(new Error('down'));

/** Calls wait from now on, until the function that this returns answers the last of them. */
export function later(
  answers: ReturnType<typeof fakeQueue>['answers'],
  call: 'change' | 'delete',
): (report: ReceiptReport) => void {
  let answer: (report: ReceiptReport) => void = () => undefined;
  answers[call] = () => new Promise((resolve) => (answer = resolve));
  return (report) => answer(report);
}

export const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000);
