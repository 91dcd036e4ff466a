import type { NoticedChange } from '../events/audit.ts';
import type { Language } from '../language.ts';
import type { Role } from '../users/role.ts';
import type { Severity } from './status-update.ts';

export const EMAIL_TEMPLATES = [
  'activation',
  'password-reset',
  'webhook-suspended',
  'status-update',
  'subscription-confirmation',
  'membership-invitation',
  'security-notice',
] as const;
export type EmailTemplate = (typeof EMAIL_TEMPLATES)[number];

/** A mail to be sent because of an event; a recipient of null is the reseller itself. */
export type NewEmail = {
  readonly id: string;
  readonly template: EmailTemplate;
  readonly language: Language;
  readonly recipient: { readonly email: string; readonly key: string } | null;
  readonly resellerId: string;
  readonly userId: string | null;
  readonly eventId: string;
};

/** What a mail has to say, by its template. Times are milliseconds since the epoch. */
export type EmailContent =
  | {
      readonly template: 'activation' | 'password-reset';
      /** Empty where nobody knows it. */
      readonly firstName: string;
      readonly email: string;
      readonly link: string;
      readonly expiresAt: number;
    }
  | {
      readonly template: 'webhook-suspended';
      readonly webhookName: string;
      readonly webhookUrl: string;
      /** Where the API has it. */
      readonly webhookAddress: string;
      readonly suspendedAt: number;
    }
  | {
      readonly template: 'status-update';
      readonly title: string;
      /** On as many lines as its author wrote. */
      readonly body: string;
      readonly severity: Severity;
      readonly publishedAt: number;
      readonly unsubscribeLink: string;
    }
  | {
      readonly template: 'subscription-confirmation';
      readonly email: string;
      readonly subscribeLink: string;
      readonly unsubscribeLink: string;
    }
  | {
      readonly template: 'membership-invitation';
      readonly firstName: string;
      readonly email: string;
      /** The name that the operator registered the inviting tenant by. */
      readonly tenantName: string;
      readonly roles: readonly Role[];
      readonly expiresAt: number;
      readonly invitationLink: string;
    }
  | {
      readonly template: 'security-notice';
      readonly change: NoticedChange;
      /** Empty where nobody knows it. */
      readonly firstName: string;
      /** The account's, as far as the reader knows: of a changed address the old one. */
      readonly email: string;
      readonly changedAt: number;
      /** Of the network, and what the browser calls itself; empty where nobody knows it. */
      readonly address: string;
      readonly userAgent: string;
      /** Where to have a link for a new password sent. */
      readonly resetLink: string;
    };

export type RenderedEmail = { readonly subject: string; readonly text: string; readonly html: string };

/** A mail as a transport takes it. Addresses are valid and hold no line breaks; names and the subject may be any text. */
export type OutgoingEmail = RenderedEmail & {
  /** Unique for the mail, the same over all attempts. */
  readonly id: string;
  readonly from: { readonly name: string; readonly email: string };
  readonly to: string;
  readonly replyTo: string | null;
  /** Where the reader, or at one click their mail program, unsubscribes (RFC 8058); null: there is nothing to. */
  readonly unsubscribe: string | null;
};

/** What became of an attempt. `reason` is for the operator: short, and without addresses or content. */
export type SendResult =
  | { readonly kind: 'sent'; readonly providerId: string }
  /** May work later. */
  | { readonly kind: 'transient'; readonly reason: string }
  /** Never will: a bad or suppressed recipient, a refused sender. */
  | { readonly kind: 'permanent'; readonly reason: string };

export type Transport = (mail: OutgoingEmail) => Promise<SendResult>;
