import type { WireError } from '../../../../platform/children/protocol.js';
import { DependencyUnavailable, InvalidInput, VachanError } from '../../../../platform/errors.js';
import { ModelInvalid } from '../../../../platform/model-folder.js';
import { MediaRefused, REFUSALS, type Refusal } from '../media-errors.js';

export function toWireError(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  if (error instanceof MediaRefused) {
    return { name: error.name, message: error.detail ?? '', reason: error.reason };
  }
  // A defect's stack is worth more than its message; the family's messages are written to be read.
  const expected = error instanceof VachanError;
  return { name: error.name, message: expected ? error.message : (error.stack ?? error.message) };
}

/** The error of the family that a member threw; anything else is a defect there, kept with its message. */
export function fromWireError({ name, message, reason }: WireError): VachanError {
  if (name === 'MediaRefused' && isRefusal(reason)) {
    return new MediaRefused(reason, message === '' ? undefined : message);
  }
  if (name === 'ModelInvalid') return new ModelInvalid(message);
  if (name === 'InvalidInput') return new InvalidInput(message);
  return new DependencyUnavailable(`Media pool member failed: ${message}`);
}

const isRefusal = (reason: string | undefined): reason is Refusal =>
  (REFUSALS as readonly (string | undefined)[]).includes(reason);
