import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { AddressRefused } from './errors.js';
import { isRefusedAddress } from './address-policy.js';
import { AttemptFailed } from './download/attempt-failed.js';

/** How names become addresses, and which are refused; tests replace both. */
export interface AddressRules {
  resolve(hostname: string): Promise<LookupAddress[]>;
  isRefused(address: string): boolean;
}

export const PUBLIC_ADDRESSES: AddressRules = {
  resolve: (hostname) => lookup(hostname, { all: true }),
  isRefused: isRefusedAddress,
};

/**
 * Resolves each name once and keeps the answer, so that the address that was checked is the one that is connected to,
 * also when the name's answer changes in between (DNS rebinding).
 */
export function createAddressPins(rules: AddressRules): (hostname: string) => Promise<LookupAddress> {
  const pins = new Map<string, LookupAddress>();
  return async (hostname) => {
    const pinned = pins.get(hostname);
    if (pinned) return pinned;
    // An IPv6 address stands in brackets in a URL.
    const literal = hostname.replace(/^\[(.*)\]$/, '$1');
    const family = isIP(literal);
    const addresses = family === 0 ? await resolve(rules, hostname) : [{ address: literal, family }];
    const [first] = addresses;
    // All of them: a name that mixes public and private addresses is a trick.
    if (!first || addresses.some(({ address }) => rules.isRefused(address))) {
      throw new AddressRefused(`Address refused: host ${hostname} is not on a public network`);
    }
    pins.set(hostname, first);
    return first;
  };
}

async function resolve(rules: AddressRules, hostname: string): Promise<LookupAddress[]> {
  try {
    return await rules.resolve(hostname);
  } catch (error) {
    throw new AttemptFailed('cut', `host ${hostname} does not resolve`, undefined, { cause: error });
  }
}
