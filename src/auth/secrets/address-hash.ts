import { sha256 } from './digest.ts';

/** What stands for an address, as it is compared, in what a reseller keeps about it longer than about its user. */
export function addressHash(resellerId: string, emailKey: string): Promise<string> {
  return sha256(`${resellerId} ${emailKey}`);
}
