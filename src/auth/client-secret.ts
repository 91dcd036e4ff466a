import { CLIENT_SECRET_BYTES } from '../model/limits.ts';
import { sha256 } from './digest.ts';

/** A fresh secret of an API client, random bits in base64url, and what the database keeps of it. */
export async function newClientSecret(): Promise<{ readonly secret: string; readonly secretHash: string }> {
  const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(CLIENT_SECRET_BYTES))).toString('base64url');
  return { secret, secretHash: await sha256(secret) };
}
