import type { NoticeType } from '../events/audit.ts';
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

export type NewEmail = {
  readonly id: string;
  readonly template: EmailTemplate;
  readonly language: Language;
  readonly recipient: { readonly email: string; readonly key: string } | null;
  readonly resellerId: string;
  readonly userId: string | null;
  readonly eventId: string;
};

export type EmailContent =
  | {
      readonly template: 'activation' | 'password-reset';
      readonly firstName: string;
      readonly email: string;
      readonly link: string;
      readonly expiresAt: number;
    }
  | {
      readonly template: 'webhook-suspended';
      readonly webhookName: string;
      readonly webhookUrl: string;
      readonly webhookAddress: string;
      readonly suspendedAt: number;
    }
  | {
      readonly template: 'status-update';
      readonly title: string;
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
      readonly tenantName: string;
      readonly roles: readonly Role[];
      readonly expiresAt: number;
      readonly invitationLink: string;
    }
  | {
      readonly template: 'security-notice';
      readonly change: NoticeType;
      readonly firstName: string;
      readonly email: string;
      readonly changedAt: number;
      readonly address: string;
      readonly userAgent: string;
      readonly resetLink: string;
    };

export type RenderedEmail = { readonly subject: string; readonly text: string; readonly html: string };

/** Valid addresses without line breaks; names and subject may be any text. */
export type OutgoingEmail = RenderedEmail & {
  readonly id: string;
  readonly from: { readonly name: string; readonly email: string };
  readonly to: string;
  readonly replyTo: string | null;
  /** RFC 8058. */
  readonly unsubscribe: string | null;
};

/** `reason` is logged: no addresses, no content. */
export type SendResult =
  | { readonly kind: 'sent'; readonly providerId: string }
  | { readonly kind: 'transient'; readonly reason: string }
  | { readonly kind: 'permanent'; readonly reason: string };

export type Transport = (mail: OutgoingEmail) => Promise<SendResult>;
