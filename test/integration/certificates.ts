import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A DER value: tag, length, content. */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length: size } = content;
  // The shortest form, as strict readers demand.
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}

const sequence = (...contents: Buffer[]): Buffer => der(0x30, ...contents);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const commonName = (name: string): Buffer =>
  sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(name)))));
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));
const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), der(0x04, value));
const criticalExtension = (id: string, value: Buffer): Buffer =>
  sequence(oid(id), der(0x01, Buffer.of(0xff)), der(0x04, value));

const alternativeName = (host: string): Buffer =>
  extension(
    '551d11',
    sequence(
      isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
    ),
  );
const isAuthority = criticalExtension('551d13', sequence(der(0x01, Buffer.of(0xff))));

/** PEM of a private key and of the certificate for it. */
export interface Identity {
  key: string;
  cert: string;
}

interface CertificateOptions {
  subject: string;
  issuer: string;
  signWith: KeyObject;
  publicKey: KeyObject;
  extensions: Buffer[];
  /** The last second in which it is valid, `YYMMDDhhmmssZ`. */
  until?: string;
}

let serial = 1;

function certificate({
  subject,
  issuer,
  signWith,
  publicKey,
  extensions,
  until,
}: CertificateOptions): string {
  const toSign = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(serial++)),
    ecdsaWithSha256,
    commonName(issuer),
    sequence(utcTime('200101000000Z'), utcTime(until ?? '491231235959Z')),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = createSign('SHA256').update(toSign).sign(signWith);
  const signed = sequence(toSign, ecdsaWithSha256, der(0x03, Buffer.of(0), signature));
  const body = signed.toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A key and a certificate for one host name, made anew for each run: no key lies in the repository. */
export function selfSigned(hostname: string): Identity {
  const { privateKey, publicKey } = newKeys();
  const names = { subject: hostname, issuer: hostname, extensions: [alternativeName(hostname)] };
  return { key: pemOf(privateKey), cert: certificate({ ...names, signWith: privateKey, publicKey }) };
}

/** An authority of our own. */
export interface Authority {
  cert: string;
  /** For a server or a client by this name or IPv4 address. */
  issue(host: string, options?: { expired?: boolean }): Identity;
}

export function createAuthority(name: string): Authority {
  const own = newKeys();
  return {
    cert: certificate({
      ...{ subject: name, issuer: name, signWith: own.privateKey, publicKey: own.publicKey },
      extensions: [isAuthority],
    }),
    issue(host, { expired = false } = {}) {
      const { privateKey, publicKey } = newKeys();
      return {
        key: pemOf(privateKey),
        cert: certificate({
          ...{ subject: host, issuer: name, signWith: own.privateKey, publicKey },
          extensions: [alternativeName(host)],
          ...(expired && { until: '210101000000Z' }),
        }),
      };
    },
  };
}
