/**
 * What JSON may hold as it is but SQS refuses, and pairs, which SQS takes and some stand-ins refuse for their halves. Control
 * characters and halves by themselves are escaped by JSON itself.
 */
const NOT_SENDABLE = /[\uD800-\uDFFF\uFFFE\uFFFF]/g;

/** JSON whose every character is one that SQS takes in a message. */
export function sendableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    NOT_SENDABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
}
