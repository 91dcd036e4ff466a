/** Names that lead to this machine, its network or its cloud's metadata, each with all below it. */
const PRIVATE_NAMES = [
  // RFC 6761, RFC 6762, RFC 8375, ICANN's .internal; and what networks call themselves (RFC 6762 appendix G).
  ...['localhost', 'local', 'home.arpa', 'internal'],
  ...['localdomain', 'intranet', 'lan', 'home', 'corp', 'private'],
  // Metadata services under names that are public otherwise: Google, Tencent, Equinix (two), IBM.
  ...['metadata.goog', 'metadata.tencentyun.com', 'metadata.packet.net', 'metadata.platformequinix.com'],
  'metadata.cloud.ibm.com',
];
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;
const TOP_LABEL = /^[a-z][a-z0-9-]*[a-z0-9]$/;

/** Whether a host as `hostOf` writes it is a full DNS name outside the networks that only some can see. */
export function isPublicName(host: string): boolean {
  const labels = host.split('.');
  const isName = labels.length > 1 && labels.every((label) => LABEL.test(label)) && TOP_LABEL.test(labels.at(-1) ?? '');
  return isName && !isWithin(host, PRIVATE_NAMES);
}

/** Whether the host is one of the names or below one. */
export function isWithin(host: string, names: readonly string[]): boolean {
  return names.some((name) => host === name || host.endsWith(`.${name}`));
}
