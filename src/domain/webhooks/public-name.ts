const PRIVATE_NAMES = [
  // RFC 6761, RFC 6762 with appendix G, RFC 8375, ICANN's .internal.
  ...['localhost', 'local', 'home.arpa', 'internal'],
  ...['localdomain', 'intranet', 'lan', 'home', 'corp', 'private'],
  // Metadata services: Google, Tencent, Equinix (two), IBM.
  ...['metadata.goog', 'metadata.tencentyun.com', 'metadata.packet.net', 'metadata.platformequinix.com'],
  'metadata.cloud.ibm.com',
];
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;
const TOP_LABEL = /^[a-z][a-z0-9-]*[a-z0-9]$/;

/** `host`: as `hostOf` returns it. */
export function isPublicName(host: string): boolean {
  const labels = host.split('.');
  const isName = labels.length > 1 && labels.every((label) => LABEL.test(label)) && TOP_LABEL.test(labels.at(-1) ?? '');
  return isName && !isInDomains(host, PRIVATE_NAMES);
}

export function isInDomains(host: string, names: readonly string[]): boolean {
  return names.some((name) => host === name || host.endsWith(`.${name}`));
}
