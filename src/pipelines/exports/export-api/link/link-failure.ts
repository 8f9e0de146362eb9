import { DependencyUnavailable } from '../../../../platform/errors.js';
import { FileRefused } from '../../errors.js';

/**
 * `down`: no connection, 5xx, 429, or a body that broke off. `stall`: connected, and no bytes. `refused`: the link is (401, 403, 404, 410
 * and the like). `range`: an answer that is not what was asked for.
 */
export type LinkFailureKind = 'down' | 'stall' | 'refused' | 'range';

/** One attempt's failure that another one may fix; never leaves the reader. */
export class LinkFailure extends Error {
  readonly kind: LinkFailureKind;
  readonly retryAfterMs: number | undefined;
  /** Of a refused link. */
  readonly status: number | undefined;

  constructor(
    kind: LinkFailureKind,
    message: string,
    more: { retryAfterMs?: number | undefined; status?: number; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.name = 'LinkFailure';
    this.kind = kind;
    this.retryAfterMs = more.retryAfterMs;
    this.status = more.status;
  }
}

/** What the last of so many attempts means for the file. */
export function givenUp(last: LinkFailure, attempts: number): Error {
  const detail = `${last.message}, in the last of ${attempts} attempts.`;
  switch (last.kind) {
    case 'down':
      return new DependencyUnavailable(`The download does not go on: ${detail}`, { cause: last });
    case 'stall':
      return new FileRefused('stalled', `The download stalls: ${detail}`, { cause: last });
    case 'range':
      return new FileRefused('ranges_refused', `The server does not serve ranges: ${detail}`, {
        cause: last,
      });
    case 'refused': {
      const isGone = last.status === 404 || last.status === 410;
      return new FileRefused(
        isGone ? 'gone' : 'link_refused',
        `The link is refused, fresh ones as well: ${detail}`,
        { cause: last },
      );
    }
  }
}
