import { CLIENT_SECRET_BYTES } from '../../model/limits/index.ts';
import { sha256 } from './digest.ts';
import { randomText } from './random.ts';

export async function newClientSecret(): Promise<{ readonly secret: string; readonly secretHash: string }> {
  const secret = randomText(CLIENT_SECRET_BYTES);
  return { secret, secretHash: await sha256(secret) };
}
