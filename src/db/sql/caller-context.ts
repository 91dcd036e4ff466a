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

/** The reply stored under an idempotency key, in the batch that makes the change. */
export type Idempotency = {
  readonly key: string;
  readonly fingerprint: string;
  readonly seal: (result: unknown) => Promise<{ status: number; sealedBody: string }>;
};

/** One caller's request. Each statement checks the credential, the route's scope and the reseller. */
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
  /** Counted by this isolate, not written yet. */
  readonly requestCounts: RequestCounts;
  /** Committed events, for the relay. */
  readonly eventIds: string[];
  /** Mails to send. */
  readonly emailIds: string[];
  /** Background work after the request. */
  readonly tasks: Task[];
};
