import { once, EventEmitter } from 'node:events';
import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';
import type { HeldWork, SlotGate } from '../pipelines/pipeline.js';

const NOTHING_HELD = { size: 0, onChange: () => undefined };

/**
 * Permits to take work, such as a batch, so that a process is asked to only when it has a place for it.
 *
 * A permit is out from the poll until the task ends; what it took keeps the place until it is let go. While both stand
 * for the same work one place too many is taken, never one too few.
 *
 * @param gate what else must hold before work is taken beside other work; one that has none takes one all the same
 */
export function heldSlots(
  places: number,
  held: Pick<HeldWork, 'size' | 'onChange'> = NOTHING_HELD,
  gate?: SlotGate,
): CustomSlotSupplier<ActivitySlotInfo> {
  const changes = new EventEmitter().setMaxListeners(0);
  held.onChange(() => changes.emit('change'));
  gate?.onChange(() => changes.emit('change'));
  let out = 0;
  const free = (): boolean => {
    const taken = out + held.size;
    return taken < places && (taken === 0 || gate?.isOpen() !== false);
  };
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
