import { isIP } from 'node:net';
import { hostname } from 'node:os';

/**
 * Ends of names that nobody can register and point at a machine: they resolve inside a network or a cluster only
 * (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`, Kubernetes' `svc`).
 */
const PRIVATE_ENDS = ['localhost', 'local', 'internal', 'svc', 'home.arpa', 'test'] as const;

/**
 * Tells whether a request's `Host` may be ours.
 *
 * A web page of a stranger reaches a service on a person's loopback or network by pointing its own name at that address ("DNS
 * rebinding"), and the browser then lets it read the answers. It cannot do so with an address, with a name of a single
 * label, or with one of {@link PRIVATE_ENDS}; these, this machine's name and those that are given pass.
 *
 * @param names further names, without a port
 */
export function hostCheck(names: readonly string[], own: string = hostname()): (host: string) => boolean {
  const known = new Set([own, ...names].map(normalized));
  return (host) => {
    const name = normalized(withoutPort(host));
    if (name === '') return false;
    if (isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0) return true;
    if (known.has(name)) return true;
    if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name)) return false;
    return !name.includes('.') || PRIVATE_ENDS.some((end) => name.endsWith(`.${end}`));
  };
}

const withoutPort = (host: string): string => host.trim().replace(/:\d*$/, '');

/** Names are the same in either case, and with or without the root's dot. */
const normalized = (name: string): string => name.trim().toLowerCase().replace(/\.$/, '');
