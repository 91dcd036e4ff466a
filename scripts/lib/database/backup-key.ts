import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { CommandError } from '../command-error.ts';
import { inRoot } from '../root.ts';

/** Neither in the backup's folder nor in the database. */
export const KEY_FILE = '.backup-key';
const KEY_BYTES = 32;

/** The setting BACKUP_KEY, else the file. */
export async function findBackupKey(): Promise<Buffer | null> {
  const text = process.env['BACKUP_KEY'] || (await readFile(inRoot(KEY_FILE), 'utf8').catch(() => null));
  if (text === null) return null;
  const key = Buffer.from(text.trim(), 'base64');
  if (key.byteLength !== KEY_BYTES) throw new CommandError(`The backup key must be ${KEY_BYTES} bytes in base64.`);
  return key;
}

export async function makeBackupKey(): Promise<Buffer> {
  const key = randomBytes(KEY_BYTES);
  await writeFile(inRoot(KEY_FILE), `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}

/** RFC 2104, hex. */
export const macOf = (key: Buffer, bytes: Buffer): string => createHmac('sha256', key).update(bytes).digest('hex');

export function isMac(key: Buffer, bytes: Buffer, mac: string): boolean {
  const [expected, actual] = [Buffer.from(macOf(key, bytes)), Buffer.from(mac.trim())];
  return expected.byteLength === actual.byteLength && timingSafeEqual(expected, actual);
}
