import type { Severity } from '../../model/emails/status-update.ts';
import type { NoticeType } from '../../model/events/audit.ts';

/** Parameters are plain text on one line; dates are formatted. */
export type Strings = {
  /** Empty: unknown. */
  readonly hello: (firstName: string) => string;
  readonly validity: (until: string) => string;
  readonly copy: string;
  readonly sentBy: (operator: string, tenant: string) => string;
  readonly activation: LinkStrings;
  readonly 'password-reset': LinkStrings;
  readonly 'webhook-suspended': {
    readonly subject: (webhook: string) => string;
    readonly title: string;
    readonly reason: (product: string) => string;
    readonly missing: string;
    readonly since: string;
    readonly next: string;
    readonly enable: string;
    readonly recover: string;
  };
  readonly 'status-update': {
    readonly kinds: Readonly<Record<Severity, (product: string) => string>>;
    readonly reason: (product: string) => string;
    readonly unsubscribe: string;
  };
  readonly 'subscription-confirmation': LinkStrings & {
    readonly refusal: string;
    readonly refuse: string;
  };
  readonly 'membership-invitation': {
    readonly subject: (tenant: string) => string;
    readonly title: (tenant: string) => string;
    readonly reason: (tenant: string, email: string) => string;
    readonly tenant: string;
    readonly roles: string;
    readonly until: string;
    readonly button: string;
    readonly unexpected: string;
    readonly refusal: (tenant: string, days: number) => string;
  };
  readonly 'security-notice': {
    readonly changes: Readonly<Record<NoticeType, string>>;
    readonly reason: (product: string) => string;
    readonly account: string;
    readonly at: string;
    readonly from: string;
    readonly device: string;
    readonly expected: string;
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
