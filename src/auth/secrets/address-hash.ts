import { sha256 } from './digest.ts';

export function addressHash(resellerId: string, emailKey: string): Promise<string> {
  return sha256(`${resellerId} ${emailKey}`);
}
