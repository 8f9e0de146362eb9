/** Settings that a person may have to look at, as they are called for one dependency. */
export interface TlsSettings {
  /** Names the authorities to trust. */
  ca: string;
  /** Names the client's own certificate, where the dependency takes one. */
  clientCertificate?: string;
  /** Switches TLS on. */
  on: string;
}

const UNTRUSTED = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
];
const WANTS_CERTIFICATE = /^ERR_SSL_(TLSV13_ALERT_CERTIFICATE_REQUIRED|SSLV3_ALERT_HANDSHAKE_FAILURE)$/;
const REFUSES_CERTIFICATE =
  /^ERR_SSL_(TLSV1|SSLV3|TLSV13)_ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(UNKNOWN|EXPIRED|REVOKED)|UNSUPPORTED_CERTIFICATE)$/;
const NO_TLS_THERE = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'];

/**
 * What a failed TLS handshake means, said of the server, with the setting to look at; undefined when the error is of
 * another kind. Reads the codes of Node's and OpenSSL's errors along the chain of causes, never their texts.
 */
export function tlsTrouble(error: unknown, settings: TlsSettings): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    const words = typeof code === 'string' ? wordsFor(code, settings) : undefined;
    if (words !== undefined) return `${words} (${String(code)})`;
  }
  return undefined;
}

function wordsFor(code: string, { ca, clientCertificate, on }: TlsSettings): string | undefined {
  if (UNTRUSTED.includes(code)) return `its certificate is signed by nobody whom ${ca} or the system trusts`;
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired';
  if (code === 'CERT_NOT_YET_VALID') return 'its certificate is not valid yet';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'its certificate is for another host';
  const own = clientCertificate === undefined ? '' : `; see ${clientCertificate}`;
  if (WANTS_CERTIFICATE.test(code)) return `it asks for a client certificate${own}`;
  if (REFUSES_CERTIFICATE.test(code)) return `it does not accept the client certificate${own}`;
  if (NO_TLS_THERE.includes(code)) return `it does not speak TLS, which ${on} asks for`;
  return undefined;
}
