import { pino, type DestinationStream } from 'pino';
import type { BaseLogEvent } from './log-event.js';
import { toLoggable } from './loggable.js';
import { createRedactor, type SecretWords } from './redactor.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * What a line says beside its event, in the contract's snake_case; `workflow_id`, `batch_id` and `trace_id` where
 * the line has one. An error goes under `error`.
 */
export type LogFields = Readonly<Record<string, unknown>>;

type Write<Event extends string> = (event: Event, fields?: LogFields) => void;

/**
 * Writes one JSON line per call: `level`, `time`, `event`, then the bindings and fields. Never throws.
 *
 * @typeParam Event the events that may be written, so that a typo in a name does not compile: the base's, or the base's
 *   and a pipeline's
 */
export interface Logger<Event extends string = BaseLogEvent> {
  readonly level: LogLevel;
  readonly trace: Write<Event>;
  readonly debug: Write<Event>;
  readonly info: Write<Event>;
  readonly warn: Write<Event>;
  readonly error: Write<Event>;
  readonly fatal: Write<Event>;
  /** A logger whose lines all carry these fields too; a line's own field of the same name wins. */
  child(bindings: LogFields): Logger<Event>;
}

export interface LoggerOptions {
  level: LogLevel;
  /** Where lines go, each ending in a line feed. @default standard output, written synchronously */
  destination?: DestinationStream;
  /** Fields of every line, e.g. the service's role. */
  base?: LogFields;
  /** Of every pipeline that there is. */
  secretWords?: readonly SecretWords[];
}

/** A field of one of these names would stand twice in the line, and forge it for some readers. */
const OWN_KEYS = new Set(['level', 'time', 'event']);

/** Makes the process's logger, of any event: JSON lines with ISO time, level as text and secrets taken out. */
export function createLogger({
  level,
  destination,
  base = {},
  secretWords = [],
}: LoggerOptions): Logger<string> {
  const writer = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    // Synchronous: the lines before a crash are the ones that matter.
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
  const options = { withStacks: writer.isLevelEnabled('debug'), redactor: createRedactor(secretWords) };
  const prepare = (fields: LogFields): Record<string, unknown> => {
    const copied = toLoggable(fields, options);
    if (typeof copied !== 'object' || copied === null) return {};
    return Object.fromEntries(
      Object.entries(copied).map(([key, value]) => [OWN_KEYS.has(key) ? `field_${key}` : key, value]),
    );
  };

  const make = (bindings: Record<string, unknown>): Logger<string> => {
    const at =
      (lineLevel: Exclude<LogLevel, 'silent'>): Write<string> =>
      (event, fields) => {
        if (!writer.isLevelEnabled(lineLevel)) return;
        const own = fields === undefined ? {} : prepare(fields);
        writer[lineLevel]({ event, ...bindings, ...own });
      };
    return {
      level,
      trace: at('trace'),
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      fatal: at('fatal'),
      child: (more) => make({ ...bindings, ...prepare(more) }),
    };
  };
  return make(prepare(base));
}

/** Discards everything: for callers that must pass a logger and have nothing to say. */
export const silentLogger: Logger<string> = createLogger({
  level: 'silent',
  destination: { write: () => undefined },
});
