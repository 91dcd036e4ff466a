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

/** The reply that an idempotency key keeps, made inside the batch that makes the change. */
export type Idempotency = {
  readonly key: string;
  readonly fingerprint: string;
  readonly seal: (result: unknown) => Promise<{ status: number; sealedBody: string }>;
};

/**
 * One caller's request as the domain sees it. Whatever is read or written through it is checked, in the same
 * statement, against the caller's credential, the scope of the route and the reseller it belongs to.
 */
export type CallerContext = SignInCrypto & {
  readonly db: Db;
  readonly actor: Actor;
  /** What the caller's tenant may use in a day. */
  readonly budgets: Budgets;
  readonly scope: Access;
  readonly requestId: string;
  readonly origin: RequestOrigin;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Later than `now` where the request takes its time. */
  readonly clock: () => number;
  readonly newId: () => string;
  readonly hashPassword: (password: string) => Promise<string>;
  readonly newToken: () => string;
  readonly newSecret: () => Promise<{ readonly secret: string; readonly secretHash: string }>;
  /** How long the token before a rotation signs along. */
  readonly tokenOverlapMs: number;
  /** Where webhooks may go. */
  readonly addressRules: AddressRules;
  /** The bytes of objects. */
  readonly blobs: Blobs;
  /** A static file that the build has made. */
  readonly asset: (path: string) => Promise<string>;
  readonly idempotency: Idempotency | null;
  /** What this isolate has counted and not written down. */
  readonly requestCounts: RequestCounts;
  /** Ids of the events committed, for the relay. */
  readonly eventIds: string[];
  /** Ids of the mails written, to be sent. */
  readonly emailIds: string[];
  /** Where the request left work to do in the background. */
  readonly tasks: Task[];
};
