import type { AddressRules } from '../../model/address.ts';
import type { Access } from '../../model/clients/scope.ts';
import type { RequestOrigin } from '../../model/events/audit.ts';
import type { Actor } from '../../model/sessions/actor.ts';
import type { SignInCrypto } from '../../model/sign-in/crypto.ts';
import type { Budgets } from '../../model/usage/budgets.ts';
import type { RequestCounts } from '../../model/usage/request-counts.ts';
import type { Task } from '../../model/webhooks/webhook.ts';
import type { Blobs } from './blobs.ts';
import type { Db } from './statement.ts';

export type Idempotency = {
  readonly key: string;
  readonly fingerprint: string;
  readonly seal: (result: unknown) => Promise<{ status: number; sealedBody: string }>;
};

/** Each statement checks the caller's credential, scope and reseller. */
export type CallerContext = SignInCrypto & {
  readonly db: Db;
  readonly actor: Actor;
  readonly budgets: Budgets;
  readonly scope: Access;
  readonly requestId: string;
  readonly origin: RequestOrigin;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Later than `now` in a long request. */
  readonly clock: () => number;
  readonly newId: () => string;
  readonly hashPassword: (password: string) => Promise<string>;
  readonly newToken: () => string;
  readonly newSecret: () => Promise<{ readonly secret: string; readonly secretHash: string }>;
  readonly tokenOverlapMs: number;
  readonly addressRules: AddressRules;
  readonly blobs: Blobs;
  readonly asset: (path: string) => Promise<string>;
  readonly idempotency: Idempotency | null;
  readonly requestCounts: RequestCounts;
  /** For the relay. */
  readonly eventIds: string[];
  /** Mails to send. */
  readonly emailIds: string[];
  readonly tasks: Task[];
};
