import { LINK_TOKEN_BYTES } from '../../model/limits/index.ts';
import { randomText } from './random.ts';

export function newLinkToken(): string {
  return randomText(LINK_TOKEN_BYTES);
}
