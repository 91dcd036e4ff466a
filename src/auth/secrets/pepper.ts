import type { Env } from '../../env.ts';

export type Pepper = Env['passwordPeppers'][number];

/** HMAC-SHA256: a stolen table alone cannot be guessed at. */
export async function peppered({ pepper }: Pepper, password: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(pepper), algorithm, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, encoder.encode(password.normalize('NFC')));
  return Buffer.from(mac).toString('base64');
}
