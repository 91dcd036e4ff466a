/** A family is all tokens of one session. */
export type RefreshHashes = { readonly familyHash: string; readonly tokenHash: string };

export type SignInCrypto = {
  /** A null `hash` never matches, after the same time. `outdated`: hash again. */
  readonly checkPassword: (
    password: string,
    hash: string | null,
  ) => Promise<{ readonly matches: boolean; readonly outdated: boolean }>;
  /** Text sealed for one purpose opens for no other. */
  readonly seal: (text: string, purpose?: string) => Promise<string>;
  readonly unseal: (text: string, purpose?: string) => Promise<string>;
  readonly newTotpSecret: () => string;
  readonly otpauthUri: (secret: string, label: { readonly issuer: string; readonly account: string }) => string;
  /** RFC 6238. Null: no step after `afterStep` matches. */
  readonly matchingStep: (secret: string, code: string, nowMs: number, afterStep: number) => number | null;
  readonly newRecoveryCodes: () => readonly string[];
  readonly recoveryCodeHash: (code: string) => Promise<string>;
  readonly newOpaqueToken: () => Promise<{ readonly token: string; readonly tokenHash: string }>;
  readonly opaqueTokenHash: (token: string) => Promise<string>;
  readonly newRefreshToken: (before?: string) => Promise<{ readonly token: string; readonly hashes: RefreshHashes }>;
  readonly refreshHashes: (token: string) => Promise<RefreshHashes>;
};
