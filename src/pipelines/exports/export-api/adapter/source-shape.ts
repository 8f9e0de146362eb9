import { z } from 'zod';
import { CHECKSUM_ALGORITHMS } from '../../contract/listed-file.js';
import { EXPORT_STATES } from '../export-source.js';
import { isPointer } from './json-pointer.js';

/** Keys of a mistake are named: an unknown one is most often a known one misspelt. */
const pointer = z
  .string()
  .refine(isPointer, { error: 'expected a JSON pointer such as /data/0/name, or "" for the whole answer' });
/** A fragment is not sent, a backslash is taken for a slash, and segments of dots are dropped. */
const path = z
  .string()
  .regex(/^\/[\x21-\x7e]*$/, { error: 'expected a path that starts with /, such as /jobs/{export_id}' })
  .refine((text) => !/[#\\]|\/(?:\.|%2e){1,2}(?:[/?]|$)/i.test(text), {
    error: 'expected a path without #, backslashes and segments of dots',
  });
const parameter = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/, { error: 'expected the name of a query parameter' });
const header = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, { error: 'expected the name of a header' })
  .transform((name) => name.toLowerCase());

function templateOf(...names: readonly string[]): z.ZodType<string> {
  const placeholders = names.map((name) => `{${name}}`);
  return path.refine(
    (text) => !/[{}]/.test(placeholders.reduce((rest, name) => rest.replaceAll(name, ''), text)),
    { error: `expected no other placeholders than ${placeholders.join(' and ')}` },
  );
}

const paging = z.discriminatedUnion('type', [
  /** The answer names a cursor; no cursor, null or "" is the end. */
  z.strictObject({
    type: z.literal('cursor'),
    next: pointer,
    parameter: parameter.default('cursor'),
    /** True where an answer without the field is a broken one, and no end. */
    always_there: z.boolean().default(false),
  }),
  /** The answer holds the next page's address, of the same origin. */
  z.strictObject({ type: z.literal('next_link'), next: pointer }),
  /** RFC 8288: `Link: <…>; rel="next"`. */
  z.strictObject({ type: z.literal('link_header') }),
  /** A header holds the next cursor, as `Sforce-Locator` does. */
  z.strictObject({
    type: z.literal('header'),
    header,
    parameter,
    end: z.array(z.string()).default(['null', '']),
  }),
  /** Numbered pages: to the one that `total_pages` names, while `more` is true, or to the first empty one. */
  z.strictObject({
    type: z.literal('page'),
    parameter: parameter.default('page'),
    first: z.int().min(0).default(1),
    total_pages: pointer.optional(),
    more: pointer.optional(),
  }),
  /** By the count of files before: to `total`, while `more` is true, or to the first empty page. */
  z.strictObject({
    type: z.literal('offset'),
    parameter: parameter.default('offset'),
    total: pointer.optional(),
    more: pointer.optional(),
  }),
  z.strictObject({ type: z.literal('none') }),
]);
export type Paging = z.infer<typeof paging>;

const status = z.strictObject({
  path: templateOf('export_id'),
  /** Where the answer repeats the export's id: another one is refused. */
  id: pointer.optional(),
  state: pointer,
  /** The API's own words, each with the state it means. */
  states: z.record(z.string(), z.enum(EXPORT_STATES)),
  created_at: pointer.optional(),
  expires_at: pointer.optional(),
  file_count: pointer.optional(),
  total_bytes: pointer.optional(),
  poll_after_seconds: pointer.optional(),
  error_code: pointer.optional(),
  error_message: pointer.optional(),
  /** What a 404 means. `not_ready`: the export is not to be seen yet. */
  not_found: z.enum(['export_unknown', 'export_expired', 'not_ready']).default('export_unknown'),
});

const files = z.strictObject({
  path: templateOf('export_id'),
  /** Where the list is; "" where the answer is the list. */
  items: pointer,
  /** From here on pointers start at an item. */
  id: pointer,
  name: pointer,
  size: pointer.optional(),
  checksum: z
    .strictObject({
      /** One algorithm for all files, or a pointer to its name. */
      algorithm: z.union([z.enum(CHECKSUM_ALGORITHMS), pointer.refine((text) => text !== '')]),
      value: pointer,
    })
    .optional(),
  entry_count: pointer.optional(),
  modified_at: pointer.optional(),
  paging,
  /** Files asked for at once, and the parameter that says so. */
  page_size: z.int().min(1).max(1000).default(1000),
  page_size_parameter: parameter.optional(),
  /** What a 404 means. `empty`: the export has no files. */
  not_found: z.enum(['export_unknown', 'export_expired', 'not_ready', 'empty']).default('export_unknown'),
});

const linkFields = {
  url: pointer,
  expires_at: pointer.optional(),
  /** An object of headers that a download must carry. */
  headers: pointer.optional(),
};
/** What a 404 means. `again`: the link is not to be seen yet. */
const linkNotFound = z.enum(['gone', 'again']).default('gone');

const link = z.discriminatedUnion('from', [
  /** A call for each file answers with the link. */
  z.strictObject({
    from: z.literal('endpoint'),
    path: templateOf('export_id', 'file_id'),
    ...linkFields,
    not_found: linkNotFound,
  }),
  /** A call for each file redirects to the bytes. */
  z.strictObject({
    from: z.literal('redirect'),
    path: templateOf('export_id', 'file_id'),
    not_found: linkNotFound,
  }),
  /** The API itself has the bytes, under this path and with its own credentials. */
  z.strictObject({ from: z.literal('path'), path: templateOf('export_id', 'file_id') }),
  /** The listing has it, in each item; for a fresh one the file is looked for in a new listing. */
  z.strictObject({ from: z.literal('listing'), ...linkFields }),
]);
export type LinkShape = z.infer<typeof link>;

/** What an API's calls and answers look like. */
export const sourceShape = {
  status,
  files,
  link,
  /** Told how the job ended, with `{result, result_url}`; left out where the API does not want to know. */
  acknowledge: z.strictObject({ path: templateOf('export_id') }).optional(),
  /** `strict`: numbers are numbers and times RFC 3339. `lenient` also takes numbers as text, numeric ids and Unix times. */
  values: z.enum(['strict', 'lenient']).default('lenient'),
};
export const sourceShapeSchema = z.strictObject(sourceShape);
export type SourceShape = z.infer<typeof sourceShapeSchema>;
