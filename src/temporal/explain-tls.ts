import { connect, type ConnectionOptions } from 'node:tls';
import { isIP } from 'node:net';
import type { ConnectionOptions as TemporalOptions } from '@temporalio/client';
import { tlsTrouble } from '../platform/tls-trouble.js';

/** A server that is there answers within milliseconds; this is asked only after connecting has failed. */
const HANDSHAKE_MS = 2000;
const DEFAULT_PORT = 7233;

const SETTINGS = {
  ca: 'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  clientCertificate: 'TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH',
  on: 'TEMPORAL_TLS or TEMPORAL_API_KEY',
};

/**
 * Shakes hands once more to learn why a connection failed: gRPC says only that none came about.
 *
 * @returns what is wrong with TLS, said of the server; undefined when TLS is not the reason
 */
export async function explainTls(
  options: Pick<TemporalOptions, 'address' | 'tls'>,
): Promise<string | undefined> {
  const { address = '', tls } = options;
  const target = hostAndPort(address);
  if (tls === undefined || tls === null || tls === false) {
    const outcome = await shakeHands({ ...target, rejectUnauthorized: false });
    return outcome === 'shaken' || outcome === 'ended' || isAlert(outcome)
      ? 'it speaks TLS; set TEMPORAL_TLS=true or TEMPORAL_API_KEY'
      : undefined;
  }
  const {
    serverRootCACertificate: ca,
    clientCertPair: own,
    serverNameOverride: name,
  } = tls === true ? {} : tls;
  const outcome = await shakeHands({
    ...target,
    ...(ca != null && { ca: Buffer.from(ca) }),
    ...(own != null && { cert: Buffer.from(own.crt), key: Buffer.from(own.key) }),
    ...(name != null ? { servername: name } : isIP(target.host) === 0 && { servername: target.host }),
  });
  if (outcome === 'ended') {
    return `it ends the connection right after TLS is made; does it accept the client certificate of ${SETTINGS.clientCertificate}?`;
  }
  return tlsTrouble(outcome, SETTINGS);
}

/** Only who speaks TLS sends one, e.g. since it misses a client's certificate. */
const isAlert = (outcome: unknown): boolean =>
  outcome instanceof Error && /_ALERT_/.test(String((outcome as { code?: unknown }).code));

function hostAndPort(address: string): { host: string; port: number } {
  const [, host = address, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? DEFAULT_PORT) };
}

/**
 * An error; `shaken`; `ended` where the server then hung up; undefined where nothing was learnt in time. With TLS 1.3 a
 * server refuses a client's certificate only after the client is done, so its first bytes are waited for.
 */
function shakeHands(options: ConnectionOptions): Promise<unknown> {
  return new Promise((resolve) => {
    let secure = false;
    const socket = connect({ ...options, ALPNProtocols: ['h2'] });
    const end = (outcome: unknown): void => {
      resolve(outcome);
      socket.destroy();
    };
    socket.setTimeout(HANDSHAKE_MS, () => end(secure ? 'shaken' : undefined));
    socket.once('secureConnect', () => {
      secure = true;
    });
    socket.once('data', () => end('shaken'));
    socket.once('error', (error) =>
      end(secure && tlsTrouble(error, SETTINGS) === undefined ? 'ended' : error),
    );
    socket.once('close', () => end(secure ? 'ended' : undefined));
  });
}
