/** Parameters that sign a request, of either version; `=` may have been percent-encoded together with the address. */
const SIGNATURE = /x-amz-(?:signature|credential|security-token)(?:=|%3d)|awsaccesskeyid(?:=|%3d)/i;
const START_OF_QUERY = /\?|%3f/gi;
const CREDENTIALS = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i;

/** Whether an address carries what gives access to an object. */
export function isSigned(address: string): boolean {
  return SIGNATURE.test(address);
}

/**
 * An object's address as it is stored, shown and compared, also as part of an identity.
 *
 * The key of an `s3://` address is literal: `#` and `?` belong to it. Any other address loses its query string, which
 * changes with every signing and may be a credential, and its fragment, which no server is ever sent. Nothing else is
 * evened out (percent-encoding, the host's case, path or virtual-host style): two forms are two addresses.
 */
export function storedAddress(address: string): string {
  if (address.startsWith('s3://')) return withoutSignature(address);
  const end = address.search(/[?#]/);
  return withoutSignature((end < 0 ? address : address.slice(0, end)).replace(CREDENTIALS, '$1'));
}

/** A signature has no place in a key or a path, yet is pasted there, and must not be shown even so. */
function withoutSignature(address: string): string {
  const at = address.search(SIGNATURE);
  if (at < 0) return address;
  const marks = [...address.slice(0, at + 1).matchAll(START_OF_QUERY)];
  return address.slice(0, marks.at(-1)?.index ?? at);
}
