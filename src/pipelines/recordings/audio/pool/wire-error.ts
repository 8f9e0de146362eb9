import { AudioEmpty, AudioTooComplex, AudioTooLong, AudioTruncated, AudioUndecodable } from '../../errors.js';
import { ModelInvalid } from '../../../../platform/model-folder.js';
import { DependencyUnavailable, InvalidInput, VachanError } from '../../../../platform/errors.js';
import type { WireError } from '../../../../platform/children/protocol.js';

const CLASSES = {
  AudioEmpty,
  AudioTooComplex,
  AudioTooLong,
  AudioTruncated,
  AudioUndecodable,
  InvalidInput,
  ModelInvalid,
};

export function toWireError(error: unknown): WireError {
  if (error instanceof Error) {
    const expected = error instanceof VachanError;
    // A defect's stack is worth more than its message; the family's messages are written to be read.
    return { name: error.name, message: expected ? error.message : (error.stack ?? error.message) };
  }
  return { name: 'Error', message: String(error) };
}

/** The error of the family that a member threw; anything else is a defect there, kept with its message. */
export function fromWireError({ name, message }: WireError): VachanError {
  const Class = name in CLASSES ? CLASSES[name as keyof typeof CLASSES] : undefined;
  return Class ? new Class(message) : new DependencyUnavailable(`Audio pool member failed: ${message}`);
}
