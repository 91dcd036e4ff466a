/** What the database keeps of a refresh token: all tokens of a session begin alike, and are a family. */
export type RefreshHashes = { readonly familyHash: string; readonly tokenHash: string };

/** What it takes to judge how somebody proves who they are, and to give them what they prove it by. */
export type Proofs = {
  /** `hash` null: of nobody, which takes as long and never matches. `outdated`: to be hashed anew. */
  readonly checkPassword: (
    password: string,
    hash: string | null,
  ) => Promise<{ readonly matches: boolean; readonly outdated: boolean }>;
  /** What is sealed for a purpose opens for no other. */
  readonly seal: (text: string, purpose?: string) => Promise<string>;
  readonly unseal: (text: string, purpose?: string) => Promise<string>;
  readonly newTotpSecret: () => string;
  readonly otpauthUri: (secret: string, shown: { readonly issuer: string; readonly account: string }) => string;
  /** The time step that a code of the secret is of, if it is later than `afterStep` (RFC 6238); else null. */
  readonly matchingStep: (secret: string, code: string, nowMs: number, afterStep: number) => number | null;
  readonly newRecoveryCodes: () => readonly string[];
  readonly recoveryCodeHash: (code: string) => Promise<string>;
  /** A random token, and what the database keeps of it. */
  readonly newOpaqueToken: () => Promise<{ readonly token: string; readonly tokenHash: string }>;
  readonly opaqueTokenHash: (token: string) => Promise<string>;
  /** A refresh token, of the family of the one that it is given for. */
  readonly newRefreshToken: (before?: string) => Promise<{ readonly token: string; readonly hashes: RefreshHashes }>;
  readonly refreshHashes: (token: string) => Promise<RefreshHashes>;
};
