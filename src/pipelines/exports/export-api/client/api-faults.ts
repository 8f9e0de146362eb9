import { ApiUnavailable } from '../../errors.js';

/** Thrown when there is no answer, or one that says the API itself is in trouble (5xx): what opens the breaker. */
export class ApiFault extends ApiUnavailable {}

/** Thrown when the API asks to slow down (429): it works, so that the breaker stays closed and all callers pause. */
export class ApiThrottled extends ApiUnavailable {}
