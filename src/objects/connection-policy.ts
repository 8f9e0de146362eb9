import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { printable } from '../platform/text/printable.js';
import { AddressRefused } from './errors.js';
import { namesHost } from './named-host.js';
import { PUBLIC_ADDRESSES, type AddressRules } from './pinned-address.js';

/** Where requests may lead, and over which connections. */
export interface ConnectionPolicy {
  /**
   * @param allowedHosts none is any public host
   * @throws AddressRefused, with the host and never the address; a name that leads to a private address is refused as it is
   *   connected to
   */
  agentFor(url: URL, allowedHosts?: readonly string[]): HttpAgent | HttpsAgent;
  close(): void;
}

export interface ConnectionPolicyOptions {
  /** What is refused, as its messages say it: `Download`. */
  what: string;
  /** Hosts with their port where plain http and private addresses are fine. */
  privateHosts: readonly string[];
  /** The stack's own S3 (AWS_ENDPOINT_URL), which is one of them. */
  endpointUrl?: string | undefined;
  /** Replaced in tests. */
  rules?: AddressRules;
  extraCa?: string | undefined;
}

/** Below Node's own 5 s after which a server closes an idle connection. */
const IDLE_MS = 4_000;

/**
 * Connections are kept and shared: each was made to an address that was looked at as it was connected to, so that a name whose answer
 * changes in between leads nowhere else.
 */
export function createConnectionPolicy(options: ConnectionPolicyOptions): ConnectionPolicy {
  const { what, rules = PUBLIC_ADDRESSES, endpointUrl, extraCa } = options;
  const refused = (url: URL, why: string): AddressRefused =>
    new AddressRefused(`${what} refused: ${why} (${printable(url.host)})`);
  const privateHosts = [
    ...options.privateHosts,
    ...(endpointUrl === undefined ? [] : [new URL(endpointUrl).host]),
  ];
  const kept: AgentOptions = { keepAlive: true, timeout: IDLE_MS };
  const trusted = { ...kept, ...(extraCa !== undefined && { ca: extraCa }) };
  const publicHttps = new HttpsAgent({ ...trusted, lookup: publicLookup(rules, what) });
  const privateHttps = new HttpsAgent(trusted);
  const privateHttp = new HttpAgent(kept);
  return {
    agentFor(url, allowedHosts = []) {
      if (url.username !== '' || url.password !== '') throw refused(url, 'the address holds a user name');
      const isPrivate = namesHost(privateHosts, url);
      if (!isPrivate && allowedHosts.length > 0 && !allowedHosts.some((host) => isHost(host, url.host))) {
        throw refused(url, 'the host is none that is allowed');
      }
      if (url.protocol === 'http:' && isPrivate) return privateHttp;
      if (url.protocol !== 'https:') throw refused(url, 'expected https');
      if (isPrivate) return privateHttps;
      const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
      // An address is connected to without being looked up.
      if (isIP(literal) !== 0 && rules.isRefused(literal))
        throw refused(url, 'it is not on a public network');
      return publicHttps;
    },
    close() {
      for (const agent of [publicHttps, privateHttps, privateHttp]) agent.destroy();
    },
  };
}

/** `*.example.org` is any host below it, and not itself. */
function isHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*.')
    ? host.endsWith(pattern.slice(1).toLowerCase())
    : pattern.toLowerCase() === host;
}

function publicLookup(rules: AddressRules, what: string): LookupFunction {
  return (hostname, { all }, callback) => {
    rules.resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        // All of them: a name that mixes public and private addresses is a trick.
        if (first === undefined || addresses.some(({ address }) => rules.isRefused(address))) {
          callback(
            new AddressRefused(`${what} refused: ${printable(hostname)} is not on a public network`),
            '',
          );
        } else if (all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, ''),
    );
  };
}
