export type AddressRules = {
  readonly allowLoopback: boolean;
  readonly blockedHosts: readonly string[];
  readonly ports: ReadonlySet<number>;
};

export function hostOf(url: URL): string {
  return url.hostname.replace(/\.$/, '');
}

/** RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host) || host.endsWith('.localhost');
}
