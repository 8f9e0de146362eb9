import { BlockList, isIP } from 'node:net';

/** Ranges that are nobody's public server (IANA's special-purpose registries): own networks, metadata, documentation. */
const REFUSED_IPV4: readonly [network: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // With the clouds' metadata service.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Everything but 2000::/3 is refused; these lie within it. IPv4 in disguise leads wherever its IPv4 address does. */
const REFUSED_IPV6: readonly [network: string, prefix: number][] = [
  // Teredo and 6to4 carry an IPv4 address.
  ['2001::', 32],
  ['2002::', 16],
  ['2001:db8::', 32],
  ['3fff::', 20],
];

const refusedIpv4 = new BlockList();
for (const [network, prefix] of REFUSED_IPV4) refusedIpv4.addSubnet(network, prefix, 'ipv4');
const refusedIpv6 = new BlockList();
for (const [network, prefix] of REFUSED_IPV6) refusedIpv6.addSubnet(network, prefix, 'ipv6');
const publicIpv6 = new BlockList();
publicIpv6.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address may not be read from: anything but a public unicast address. */
export function isRefusedAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return refusedIpv4.check(address, 'ipv4');
    case 6:
      return !publicIpv6.check(address, 'ipv6') || refusedIpv6.check(address, 'ipv6');
    default:
      return true;
  }
}
