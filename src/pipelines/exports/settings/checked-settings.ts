import {
  matching,
  pairs,
  type Described,
  type Setting,
  type ValueOf,
} from '../../../platform/config/setting.js';

/** S3's own bounds: what it refuses would be refused with every object. */
const MOST_TAGS = 10;
const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Tags of an S3 object. */
export function s3Tags<const D extends Described>(described: D): Setting<ValueOf<Record<string, string>, D>> {
  const { schema, ...setting } = pairs(described);
  return {
    ...setting,
    expects: `at most ${MOST_TAGS} comma-separated name=value pairs, of the letters and lengths that S3 takes in tags`,
    schema: schema.refine((tags) => {
      const all = Object.entries<string>(tags ?? {});
      const fits = ([name, value]: [string, string]): boolean =>
        name.length <= 128 && value.length <= 256 && TAG.test(name) && TAG.test(value);
      return all.length <= MOST_TAGS && all.every(fits);
    }),
  };
}

/** What becomes a header of every object: with other letters none could be written. */
export const inHeader = <const D extends Described>(described: D): Setting<ValueOf<string, D>> =>
  matching(/^[\x21-\x7e]{1,2048}$/, 'ASCII text without blanks', described);
