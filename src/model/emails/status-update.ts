export const SEVERITIES = ['info', 'maintenance', 'incident', 'release'] as const;
export type Severity = (typeof SEVERITIES)[number];

export type StatusUpdate = {
  readonly id: string;
  readonly resellerId: string;
  readonly title: string;
  readonly body: string;
  readonly severity: Severity;
  readonly createdAt: number;
};

export type StatusProgress = {
  readonly expandingAt: number | null;
  readonly pending: number;
  readonly sent: number;
  readonly failed: number;
};

export const STATUS_STATES = ['preparing', 'sending', 'done'] as const;
export type StatusUpdateState = (typeof STATUS_STATES)[number];

export function statusUpdateState({ expandingAt, pending }: StatusProgress): StatusUpdateState {
  if (expandingAt !== null) return 'preparing';
  return pending > 0 ? 'sending' : 'done';
}

export type Subscriber = { readonly userId: string; readonly resellerId: string; readonly addressHash: string };

export const SUBSCRIPTION_CHOICES = ['confirmed', 'suppressed'] as const;
export type SubscriptionChoice = (typeof SUBSCRIPTION_CHOICES)[number];
