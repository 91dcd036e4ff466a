export const SEVERITIES = ['info', 'maintenance', 'incident', 'release'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What an account tells whoever has the role `account.service.status`. Times are milliseconds since the epoch. */
export type StatusUpdate = {
  readonly id: string;
  readonly resellerId: string;
  readonly title: string;
  readonly body: string;
  readonly severity: Severity;
  readonly createdAt: number;
};

/** What became of its mails so far. Those that nobody wanted any more when they were to leave are in none of the counts. */
export type StatusProgress = {
  /** When mails were last written; null once there are no more to write. */
  readonly expandingAt: number | null;
  readonly pending: number;
  readonly sent: number;
  readonly failed: number;
};

export const STATUS_STATES = ['preparing', 'sending', 'done'] as const;
export type StatusState = (typeof STATUS_STATES)[number];

/** `preparing` while mails are still being written, `sending` until the last one is settled. */
export function stateOf({ expandingAt, pending }: StatusProgress): StatusState {
  if (expandingAt !== null) return 'preparing';
  return pending > 0 ? 'sending' : 'done';
}

/** A user who gets the status updates of a reseller, or may; the address by its hash. */
export type Subscriber = { readonly userId: string; readonly resellerId: string; readonly addressHash: string };

/** What a person says about the status updates of a reseller. */
export const SUBSCRIPTION_CHOICES = ['confirmed', 'suppressed'] as const;
export type SubscriptionChoice = (typeof SUBSCRIPTION_CHOICES)[number];
