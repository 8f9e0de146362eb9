import { ApplicationFailure, DefaultFailureConverter, type ProtoFailure } from '@temporalio/common';

/**
 * Puts messages and stack traces of failures into a payload, so that they are encrypted like any other.
 *
 * Except of the one failure that says which key is missing: who lacks the key could not read it.
 */
class EncodingFailureConverter extends DefaultFailureConverter {
  readonly #plain = new DefaultFailureConverter();

  constructor() {
    super({ encodeCommonAttributes: true });
  }

  override errorToFailure(...args: Parameters<DefaultFailureConverter['errorToFailure']>): ProtoFailure {
    return isUndecodable(args[0]) ? this.#plain.errorToFailure(...args) : super.errorToFailure(...args);
  }
}

/** By name: inside a workflow's sandbox, and across activities, the class is another or none. */
const UNDECODABLE = 'PayloadUndecodable';

function isUndecodable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === UNDECODABLE) return true;
  return error instanceof ApplicationFailure && error.type === UNDECODABLE;
}

/** The name that Temporal's SDK looks for in a module given as `failureConverterPath`. */
export const failureConverter = new EncodingFailureConverter();
