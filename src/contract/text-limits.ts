/**
 * The most UTF-16 units of each text that comes from outside. A longer one is refused before anything works on it:
 * what somebody else can make long, somebody else can make slow. Each is several times what real data needs.
 */
export const TEXT_LIMITS = {
  /**
   * An ObjectId has 24; some people's ids are paths or URLs. It stands in watermarks, and so in a workflow's history.
   */
  id: 1_024,
  /** A presigned address with a session token has some 2,000; three bytes a character of the longest key 3,072. */
  address: 8_192,
  /** An SQS queue's URL has at most some 150. */
  queue_url: 2_048,
  /** A UUID has 36, a W3C trace parent 55. */
  trace_id: 256,
  /** `America/Argentina/ComodRivadavia` has 32. */
  time_zone: 64,
} as const;

/** More than any input has: a run's has some twenty values, a few levels deep, and a kilobyte of text. */
const MAX_DEPTH = 8;
const MAX_VALUES = 1_000;
const MAX_CHARACTERS = 32_768;

/**
 * What is out of all proportion in an input, looked for before it is checked, quoted or handed on: JSON can be nested
 * deeper than it can be written again, and a list can be longer than a message may be. Stops at the first excess.
 *
 * @returns one sentence, or undefined when the input is of a size that an input may have
 */
export function describeExcess(input: unknown): string | undefined {
  const open: { value: unknown; depth: number }[] = [{ value: input, depth: 0 }];
  let values = 0;
  let characters = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    values += 1;
    if (typeof value === 'string') characters += value.length;
    if (typeof value === 'object' && value !== null) {
      if (depth === MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
      // Bytes count as one value: nothing here takes any, and they are not walked.
      const entries = ArrayBuffer.isView(value) ? [] : Object.entries(value);
      if (values + open.length + entries.length > MAX_VALUES) return `holds more than ${MAX_VALUES} values`;
      for (const [name, inner] of entries) {
        characters += name.length;
        open.push({ value: inner, depth: depth + 1 });
      }
    }
    if (characters > MAX_CHARACTERS) return `holds more than ${MAX_CHARACTERS} characters`;
  }
  return undefined;
}
