const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** Whether a list names the host of an address: `name:port`, or the name alone where the port is the protocol's own. */
export function namesHost(hosts: readonly string[], url: URL): boolean {
  const withPort = `${url.hostname}:${url.port === '' ? DEFAULT_PORTS[url.protocol] : url.port}`;
  return hosts.some((host) => host.toLowerCase() === url.host || host.toLowerCase() === withPort);
}
