/** common.md: a body over 64 KiB is refused; the largest legal v3 body is under 10 KiB. */
export const BODY_MAX_BYTES = 64 * 1024;
/** common.md: longest `Idempotency-Key`. */
export const IDEMPOTENCY_KEY_MAX_CHARS = 255;
/** common.md: how long the first answer to an idempotency key is kept. */
export const IDEMPOTENCY_KEPT_MS = 24 * 60 * 60 * 1000;
/** Longest `X-Request-Id` taken over from a caller: room for a UUID or a trace id with its prefix. */
export const REQUEST_ID_MAX_CHARS = 128;
/** Problems named in one refusal; more help nobody, and 64 KiB of them would make 15 MB. */
export const ISSUES_MAX = 50;

/** RFC 4291 §2.5: groups of an IPv6 address, and how many of them name a network, whose hosts are one household's to choose. */
export const IPV6_GROUPS = 8;
export const IPV6_NETWORK_GROUPS = 4;
/** RFC 6177 §2: groups that name a /48, the most that one customer of a provider commonly gets: 65,536 such networks. */
export const IPV6_SITE_GROUPS = 3;
/** How many times the quota of one network a /48 has: a company with a few busy networks, but no gain from having all of them. */
export const IPV6_SITE_TIMES = 4;
/** Operations of one JSON Patch: each role taken and given, and each field set, several times over. */
export const PATCH_MAX_OPERATIONS = 100;
/** Values of one list in a JSON Patch: twice as many as any field takes. */
export const PATCH_VALUES_MAX = 100;
/** How long browsers come by https only: two years, as hstspreload.org recommends. */
export const HTTPS_ONLY_SECONDS = 2 * 365 * 24 * 60 * 60;
