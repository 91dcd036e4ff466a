/** Id and public key are base64url. */
export type Passkey = {
  readonly id: string;
  readonly userId: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
};

export type PasskeyUse = { readonly counter: number; readonly backedUp: boolean };
