/** A passkey of a user's (WebAuthn Level 3). Id and public key are in base64url. */
export type Passkey = {
  readonly id: string;
  readonly userId: string;
  readonly publicKey: string;
  /** As its authenticator said last; most stay at 0. */
  readonly counter: number;
  readonly transports: readonly string[];
};

/** What a use of a passkey leaves behind. */
export type PasskeyUse = { readonly counter: number; readonly backedUp: boolean };
