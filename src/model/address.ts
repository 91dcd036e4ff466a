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
