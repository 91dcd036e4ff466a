import { LINK_TOKEN_BYTES } from '../model/limits.ts';

/** A fresh token for a link in a mail: 256 random bits in base64url. */
export function newLinkToken(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(LINK_TOKEN_BYTES))).toString('base64url');
}
