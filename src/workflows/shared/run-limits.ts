import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { describeLimitMismatch, type LimitBounds } from '../../contract/limits.js';
import { HANDLERS } from '../../contract/names.js';

/**
 * Lets people change the limits of a running workflow, and answers with those now in force.
 *
 * @param bounds what each limit may be
 * @param inForce undefined while the run is still being prepared
 * @param describeNoEffect why a change would be accepted for nothing; undefined when it has an effect, now or later
 */
export function installRunLimits<Limits extends object>(
  bounds: Readonly<Record<keyof Limits & string, LimitBounds>>,
  inForce: () => Limits | undefined,
  describeNoEffect: (changes: Partial<Limits>) => string | undefined,
): void {
  setHandler(
    defineUpdate<Limits, [Partial<Limits>]>(HANDLERS.setLimits),
    async (changes) => {
      await condition(() => inForce() !== undefined);
      return Object.assign(inForce()!, changes);
    },
    {
      validator: (changes: Partial<Limits>, ...more: unknown[]) => {
        const mismatch =
          more.length > 0
            ? 'set_limits takes one argument'
            : (describeLimitMismatch(bounds, changes) ?? describeNoEffect(changes));
        if (mismatch !== undefined) throw new Error(mismatch);
      },
    },
  );
}
