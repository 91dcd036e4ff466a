import { LINK_TOKEN_BYTES } from '../../model/limits/index.ts';
import { randomText } from './random.ts';

/** A fresh token for a link in a mail: 256 random bits in base64url. */
export function newLinkToken(): string {
  return randomText(LINK_TOKEN_BYTES);
}
