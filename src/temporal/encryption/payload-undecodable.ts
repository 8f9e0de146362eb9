import { VachanError } from '../../platform/errors.js';

/** Thrown when data in Temporal is encrypted with a key that this process lacks, or was altered. */
export class PayloadUndecodable extends VachanError {
  readonly retryable = false;
  /** Names the key; it is no secret. */
  readonly keyId: string;

  constructor(message: string, { keyId, ...options }: ErrorOptions & { keyId: string }) {
    super(message, options);
    this.keyId = keyId;
  }
}
