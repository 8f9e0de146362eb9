import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { ConfigurationError } from '../platform/errors.js';
import { SEARCH_ATTRIBUTES } from './search-attributes.js';

/**
 * Registers the search attributes that the namespace lacks.
 *
 * A workflow that sets an unknown one would be tried for ever without a word to the person who started it, so a
 * worker makes sure before it polls.
 *
 * @throws ConfigurationError with the command to run, where this process may not register them itself
 */
export async function ensureSearchAttributes(client: Client): Promise<void> {
  const { connection, options } = client;
  const { namespace } = options;
  const known = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = SEARCH_ATTRIBUTE_NAMES.filter((name) => !Object.hasOwn(known.customAttributes, name));
  if (missing.length === 0) return;
  try {
    await addSearchAttributes(client, missing);
  } catch (error) {
    // Another worker that starts at the same moment may have registered them.
    const now = await connection.operatorService.listSearchAttributes({ namespace });
    const still = missing.filter((name) => !Object.hasOwn(now.customAttributes, name));
    if (still.length === 0) return;
    throw new ConfigurationError(
      `The namespace ${namespace} lacks search attributes and this process may not add them (${(error as Error).message}). Run: ${still
        .map(
          (name) =>
            `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type Keyword`,
        )
        .join(' && ')}`,
      { cause: error },
    );
  }
}

/** Registers search attributes, all keywords, that the namespace does not know yet. */
export async function addSearchAttributes(client: Client, names: readonly string[]): Promise<void> {
  const { INDEXED_VALUE_TYPE_KEYWORD } = temporal.api.enums.v1.IndexedValueType;
  await client.connection.operatorService.addSearchAttributes({
    namespace: client.options.namespace,
    searchAttributes: Object.fromEntries(names.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD])),
  });
}

export const SEARCH_ATTRIBUTE_NAMES = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name);
