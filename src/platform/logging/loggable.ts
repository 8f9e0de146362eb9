import { types } from 'node:util';
import { REDACTED, type Redactor } from './redactor.js';

/** Deeper structures are cut: a log line is for reading. */
const MAX_DEPTH = 6;
/** A batch of 100 ids still fits whole. */
const MAX_ENTRIES = 100;

export interface LoggableOptions {
  /** Stacks are long, and hold paths of the machine: only somebody who debugs asks for them. */
  withStacks: boolean;
  redactor: Redactor;
}

/**
 * Copies a value into plain, bounded JSON data without secrets: cycles, depth and length are cut, getters that
 * throw and `toJSON` methods are harmless, errors become name, message, code and cause chain. Never throws.
 */
export function toLoggable(value: unknown, options: LoggableOptions): unknown {
  return copy(value, options, 0, new Set());
}

function copy(value: unknown, options: LoggableOptions, depth: number, ancestors: Set<object>): unknown {
  switch (typeof value) {
    case 'string':
      return options.redactor.text(value);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
    case 'symbol':
      return options.redactor.text(String(value));
    case 'boolean':
      return value;
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null) return null;
  if (ancestors.has(value)) return '[circular]';
  if (depth >= MAX_DEPTH) return '[too deep]';
  ancestors.add(value);
  try {
    return copyObject(value, (child) => copy(child, options, depth + 1, ancestors), options);
  } catch {
    return '[unreadable]';
  } finally {
    ancestors.delete(value);
  }
}

function copyObject(
  value: object,
  copyChild: (child: unknown) => unknown,
  options: LoggableOptions,
): unknown {
  // By kind, not by instanceof: values may come from another realm (a workflow's sandbox, a test's).
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof URL) return options.redactor.text(value.href);
  if (types.isRegExp(value)) return options.redactor.text(String(value));
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`;
  if (types.isNativeError(value) || value instanceof Error) return copyError(value, copyChild, options);
  if (types.isSet(value)) return copyList([...value], copyChild);
  if (Array.isArray(value)) return copyList(value, copyChild);
  const entries: [unknown, unknown][] = types.isMap(value) ? [...value] : readEntries(value);
  return copyFields(entries, copyChild, options);
}

function copyList(values: readonly unknown[], copyChild: (child: unknown) => unknown): unknown[] {
  const kept = values.slice(0, MAX_ENTRIES).map((entry) => copyChild(entry) ?? null);
  return values.length > MAX_ENTRIES ? [...kept, `… ${values.length - MAX_ENTRIES} more`] : kept;
}

function readEntries(value: object): [string, unknown][] {
  return Object.keys(value).map((key) => {
    try {
      return [key, (value as Record<string, unknown>)[key]];
    } catch {
      return [key, '[unreadable]'];
    }
  });
}

/** `Object.fromEntries` defines properties, so a key named `__proto__` stays data. */
function copyFields(
  entries: readonly [unknown, unknown][],
  copyChild: (child: unknown) => unknown,
  { redactor }: LoggableOptions,
): object {
  const fields = entries.slice(0, MAX_ENTRIES).map(([key, field]): [string, unknown] => {
    const name = typeof key === 'string' ? key : typeof key === 'number' ? String(key) : `[${typeof key}]`;
    const hidden = redactor.hides(name) && field !== undefined && field !== null;
    return [redactor.text(name), hidden ? REDACTED : copyChild(field)];
  });
  if (entries.length > MAX_ENTRIES) fields.push(['…', `${entries.length - MAX_ENTRIES} more`]);
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

function copyError(error: Error, copyChild: (child: unknown) => unknown, options: LoggableOptions): object {
  const { code } = error as { code?: unknown };
  return Object.fromEntries(
    [
      ['name', copyChild(error.name)],
      ['message', copyChild(error.message)],
      ['code', typeof code === 'string' || typeof code === 'number' ? copyChild(code) : undefined],
      ['errors', error.name === 'AggregateError' ? copyChild((error as AggregateError).errors) : undefined],
      ['cause', error.cause === undefined ? undefined : copyChild(error.cause)],
      ['stack', options.withStacks ? copyChild(error.stack) : undefined],
    ].filter(([, field]) => field !== undefined) as [string, unknown][],
  );
}
