/** What the address of a webhook is judged by. */
export type AddressRules = {
  /** For development: http and https on loopback, on any port. */
  readonly allowLoopback: boolean;
  /** Hosts that are ours, each with all below it, as `hostOf` writes them. */
  readonly blockedHosts: readonly string[];
  readonly ports: ReadonlySet<number>;
};

/** The host as it is compared: URL has made it lower case and Punycode, and the DNS root's dot at its end means nothing. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/\.$/, '');
}

/** RFC 6761 §6.3, RFC 1122 §3.2.1.3 and RFC 4291 §2.5.3: whether a URL's host is the loopback interface. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host) || host.endsWith('.localhost');
}
