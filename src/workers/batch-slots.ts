import { once, EventEmitter } from 'node:events';
import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';

/** The batches that a process holds, and a word whenever their number changes. */
export interface HeldBatches {
  readonly size: number;
  onChange(listener: () => void): void;
}

/**
 * Permits to receive a batch, so that a process is asked for one only when it has a place for it.
 *
 * A permit is out from the poll until `receiveBatch` ends; the batch it received keeps the place until it is
 * acknowledged. While both stand for the same batch one place too many is taken, never one too few.
 */
export function batchSlots(places: number, held: HeldBatches): CustomSlotSupplier<ActivitySlotInfo> {
  const changes = new EventEmitter().setMaxListeners(0);
  held.onChange(() => changes.emit('change'));
  let out = 0;
  const free = (): boolean => out + held.size < places;
  const take = (): SlotPermit => {
    out++;
    return {};
  };
  return {
    type: 'custom',
    async reserveSlot(_context, abortSignal) {
      try {
        while (!free()) await once(changes, 'change', { signal: abortSignal });
      } catch (error) {
        // The SDK gave up waiting, and takes any other error than its own for a fault.
        throw abortSignal.aborted ? abortSignal.reason : error;
      }
      return take();
    },
    tryReserveSlot: () => (free() ? take() : null),
    markSlotUsed: () => undefined,
    releaseSlot: () => {
      out--;
      changes.emit('change');
    },
  };
}
