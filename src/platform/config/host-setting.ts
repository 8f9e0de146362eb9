import { list, type Described, type Setting, type ValueOf } from './setting.js';

const HOST = /^(?:\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::\d{1,5})?$/i;
const HOST_OR_BELOW = /^(?:\[[0-9a-f:.]+\]|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::\d{1,5})?$/i;

/** Hosts by name or address, perhaps with a port: a scheme or a path would never match anything. */
export function hosts<const D extends Described>(described: D): Setting<ValueOf<string[], D>> {
  return itemsLike(HOST, 'a comma-separated list of hosts, with their port where it is needed', described);
}

/** The same, or `*.example.org` for those below it. */
export function hostPatterns<const D extends Described>(described: D): Setting<ValueOf<string[], D>> {
  return itemsLike(
    HOST_OR_BELOW,
    'a comma-separated list of hosts, or *.name for those below one',
    described,
  );
}

function itemsLike<const D extends Described>(
  pattern: RegExp,
  expects: string,
  described: D,
): Setting<ValueOf<string[], D>> {
  const { schema, ...setting } = list(described);
  return {
    ...setting,
    expects,
    schema: schema.refine((items) => (items ?? []).every((item) => pattern.test(item))),
  };
}
