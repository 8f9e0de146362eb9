import { z } from 'zod';
import { atActivityBoundary } from '#vachan/activities/shared/activity-boundary.js';
import { checkedInput } from '#vachan/activities/shared/checked-input.js';
import type { Logger } from '#vachan/platform/logging/logger.js';
import { WORKFLOW_TYPES, type NumberInput, type Square, type Total } from './contract.js';
import type { Numbers } from './numbers.js';

/** The two stages of a number, and what the Schedule's workflow does. */
export interface ToyActivities {
  /** @throws ApplicationFailure of type `InvalidInput` for what is no number, or too large */
  square(input: NumberInput): Promise<number>;
  store(number: number, square: number): Promise<Square>;
  addUp(): Promise<Total>;
}

export interface ToyDependencies {
  numbers: Pick<Numbers, 'store' | 'total'>;
  largest: number;
  log: Logger;
}

export function createToyActivities({ numbers, largest, log }: ToyDependencies): ToyActivities {
  const input = z.object({ number: z.number().int().min(1).max(largest) });
  return atActivityBoundary<ToyActivities>(
    {
      square: (given) => {
        const { number } = checkedInput(input, given, WORKFLOW_TYPES.number);
        return Promise.resolve(number ** 2);
      },
      async store(number, square) {
        const stored = { number, square, stored_by: process.pid };
        await numbers.store(stored);
        return stored;
      },
      addUp: () => numbers.total(),
    },
    log,
  );
}
