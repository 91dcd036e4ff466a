import { CLIENT_SECRET_BYTES } from '../../model/limits/index.ts';
import { sha256 } from './digest.ts';
import { randomText } from './random.ts';

/** A fresh secret of an API client, random bits in base64url, and what the database keeps of it. */
export async function newClientSecret(): Promise<{ readonly secret: string; readonly secretHash: string }> {
  const secret = randomText(CLIENT_SECRET_BYTES);
  return { secret, secretHash: await sha256(secret) };
}
