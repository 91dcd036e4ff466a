import { EmailFault } from './email-fault.ts';

/** Domain in Punycode (RFC 5891). Throws a permanent EmailFault for an invalid address. */
export function wireAddress(address: string): string {
  const [, local, domain = ''] = /^([^\s\p{Cc}<>]+)@([^\s\p{Cc}<>@]+)$/u.exec(address) ?? [];
  const url = `https://${domain}`;
  if (local === undefined || !URL.canParse(url)) throw new EmailFault('permanent', 'no mail goes to such an address');
  return isAscii(domain) ? address : `${local}@${new URL(url).hostname}`;
}

export function isAscii(text: string): boolean {
  return !/[^ -~]/.test(text);
}
