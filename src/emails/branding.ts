import { type Branding, plainBranding } from '../model/branding.ts';
import type { EmailTemplate } from '../model/email.ts';

/** Mails to people who have agreed to nothing yet: nothing stands in them that a tenant chose but names. */
const UNSOLICITED: readonly EmailTemplate[] = ['subscription-confirmation', 'membership-invitation'];

/** A tenant's branding as far as this mail shows it. */
export function brandingIn(template: EmailTemplate, branding: Branding): Branding {
  return UNSOLICITED.includes(template) ? plainBranding(branding) : branding;
}
