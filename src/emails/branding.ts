import type { EmailTemplate } from '../model/emails/email.ts';
import { type Branding, plainBranding } from '../model/resellers/branding.ts';

/** Mails to people who have agreed to nothing yet: nothing stands in them that a tenant chose but names. */
const UNSOLICITED: readonly EmailTemplate[] = ['subscription-confirmation', 'membership-invitation'];

/**
 * A tenant's branding as far as this mail shows it. An address that has proved nothing is given no way to reach the tenant: a
 * stranger who answers would be in touch with whoever named the address.
 */
export function brandingIn(
  template: EmailTemplate,
  { branding, unproved }: { readonly branding: Branding; readonly unproved: boolean },
): Branding {
  if (UNSOLICITED.includes(template)) return plainBranding(branding);
  return unproved ? { ...branding, supportEmail: null } : branding;
}
