import { z } from 'zod';

/** A page that a person reads at a glance; more cost Temporal more. */
const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;
/** Temporal's page tokens are well below; longer ones are none of ours. */
const MAX_CURSOR_CHARACTERS = 2_048;

/** What every list answers with besides its items. */
export const nextCursorSchema = z
  .string()
  .nullable()
  .meta({ description: 'Hand it over as `cursor` for the next page; null on the last.' });

/** What the query of every list takes. @param things in words, such as `Runs` */
export function pageQuery(things: string) {
  return {
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(MAX_PAGE_SIZE)
      .default(DEFAULT_PAGE_SIZE)
      .meta({ description: `${things} a page.` }),
    cursor: z
      .string()
      .regex(/^[\w-]+$/)
      .max(MAX_CURSOR_CHARACTERS)
      .optional()
      .meta({ description: '`next_cursor` of the page before.' }),
  };
}
