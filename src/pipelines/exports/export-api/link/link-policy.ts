import {
  createConnectionPolicy,
  type ConnectionPolicy,
  type ConnectionPolicyOptions,
} from '../../../../objects/connection-policy.js';

/** Where downloads may lead, and over which connections. */
export type LinkPolicy = ConnectionPolicy;

export function createLinkPolicy(options: Omit<ConnectionPolicyOptions, 'what'>): LinkPolicy {
  return createConnectionPolicy({ ...options, what: 'Download' });
}
