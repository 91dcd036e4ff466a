import type { Severity } from '../../model/emails/status-update.ts';
import type { NoticedChange } from '../../model/events/audit.ts';

/** Every word that mails speak, in one language. What is asked for is text on one line; dates are in the language. */
export type Strings = {
  /** Without a name where nobody knows it (''). */
  readonly hello: (firstName: string) => string;
  readonly validity: (until: string) => string;
  readonly copy: string;
  /** Ends every mail: who sends it, and on whose behalf. */
  readonly sentBy: (operator: string, tenant: string) => string;
  readonly activation: LinkStrings;
  readonly 'password-reset': LinkStrings;
  readonly 'webhook-suspended': {
    readonly subject: (webhook: string) => string;
    readonly title: string;
    readonly reason: (product: string) => string;
    readonly missing: string;
    /** Labels a date. */
    readonly since: string;
    readonly next: string;
    /** What the call does whose name stands above. */
    readonly enable: string;
    readonly recover: string;
  };
  readonly 'status-update': {
    /** What is told, as a heading. */
    readonly kinds: Readonly<Record<Severity, (product: string) => string>>;
    readonly reason: (product: string) => string;
    readonly unsubscribe: string;
  };
  readonly 'subscription-confirmation': LinkStrings & {
    /** Leads in the link that refuses for good. */
    readonly refusal: string;
    readonly refuse: string;
  };
  readonly 'membership-invitation': {
    readonly subject: (tenant: string) => string;
    readonly title: (tenant: string) => string;
    readonly reason: (tenant: string, email: string) => string;
    /** Label facts. */
    readonly tenant: string;
    readonly roles: string;
    readonly until: string;
    readonly button: string;
    readonly unexpected: string;
    readonly refusal: (tenant: string, days: number) => string;
  };
  readonly 'security-notice': {
    /** What has happened, as a heading. */
    readonly changes: Readonly<Record<NoticedChange, string>>;
    readonly reason: (product: string) => string;
    /** Label facts. */
    readonly account: string;
    readonly at: string;
    readonly from: string;
    readonly device: string;
    readonly expected: string;
    /** What to do who was it not, by the button or, of a changed address, by telling others. */
    readonly unexpected: string;
    readonly unexpectedMove: string;
  };
};

type LinkStrings = {
  readonly subject: (product: string) => string;
  readonly title: (product: string) => string;
  readonly reason: (product: string, email: string) => string;
  readonly button: string;
  readonly unexpected: string;
};
