import type { SigningSecrets } from '../platform/crypto/signing-secrets.js';

/**
 * The headers of Standard Webhooks 1.0.0: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, one for each secret.
 *
 * @param at of this try; receivers refuse what is older than five minutes or so
 */
export function signedHeaders(
  { id, body, at }: { id: string; body: string; at: Date },
  secrets: SigningSecrets,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.sign(`${id}.${timestamp}.${body}`).map((signature) => `v1,${signature}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
