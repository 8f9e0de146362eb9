import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { ConfigurationError } from '../platform/errors.js';

/**
 * Registers those of the search attributes that the namespace lacks; all are keywords.
 *
 * A workflow that sets an unknown one would be tried forever without a word to the person who started it, so a
 * worker makes sure before it polls.
 *
 * @throws ConfigurationError with the command to run, where this process may not register them itself, or one is of another type
 */
export async function ensureSearchAttributes(client: Client, names: readonly string[]): Promise<void> {
  const { connection, options } = client;
  const { namespace } = options;
  const known = await connection.operatorService.listSearchAttributes({ namespace });
  const mistyped = explainMistyped(namespace, names, known.customAttributes);
  if (mistyped !== undefined) throw new ConfigurationError(`${mistyped.what}. ${mistyped.todo}`);
  const missing = names.filter((name) => !Object.hasOwn(known.customAttributes, name));
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

const { IndexedValueType } = temporal.api.enums.v1;
const KEYWORD: number = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

/**
 * What is wrong with search attributes that somebody registered with another type: a server refuses every workflow that sets one.
 *
 * @param registered types by name, as the server lists them
 */
export function explainMistyped(
  namespace: string,
  names: readonly string[],
  registered: Readonly<Record<string, number>>,
): { what: string; todo: string } | undefined {
  const mistyped = names.flatMap((name) => {
    const type = registered[name];
    return type === undefined || type === KEYWORD ? [] : [{ name, type }];
  });
  if (mistyped.length === 0) return undefined;
  const found = mistyped.map(({ name, type }) => `${name} is ${typeName(type)}, expected Keyword`);
  const removals = mistyped.map(
    ({ name }) => `temporal operator search-attribute remove --namespace ${namespace} --name ${name}`,
  );
  return {
    what: `Search attributes of the namespace ${namespace} have another type: ${found.join('; ')}`,
    todo: `Use another namespace, or, if nothing else needs them, run: ${removals.join(' && ')}; a worker registers them anew when it starts.`,
  };
}

/** `Text` of `INDEXED_VALUE_TYPE_TEXT`, as the command line writes types. */
function typeName(type: number): string {
  const words = (IndexedValueType[type] ?? String(type)).replace('INDEXED_VALUE_TYPE_', '').toLowerCase();
  return words.replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** Registers search attributes, all keywords, that the namespace does not know yet. */
export async function addSearchAttributes(client: Client, names: readonly string[]): Promise<void> {
  const { INDEXED_VALUE_TYPE_KEYWORD } = temporal.api.enums.v1.IndexedValueType;
  await client.connection.operatorService.addSearchAttributes({
    namespace: client.options.namespace,
    searchAttributes: Object.fromEntries(names.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD])),
  });
}
