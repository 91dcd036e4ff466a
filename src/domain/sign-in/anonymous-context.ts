import type { Device } from '../../model/sessions/device.ts';
import type { IdleMs } from '../../model/sessions/session.ts';
import type { Proofs } from '../../model/sign-in/proofs.ts';
import type { Budgets } from '../../model/usage/budgets.ts';
import type { LinkContext } from './password-links.ts';

export type UserGrant = {
  readonly subject: string;
  readonly clientId: string;
  readonly resellerId: string;
  readonly scope: string;
  readonly sessionId: string;
  readonly signedInAt: number | null;
};

export type AnonymousContext = LinkContext &
  Proofs & {
    readonly budgets: Budgets;
    /** Users who have signed in with this browser before. */
    readonly devices: () => Promise<readonly Device[]>;
    readonly issueToken: (grant: UserGrant) => Promise<string>;
    readonly idleMs: IdleMs;
    readonly accessTokenSeconds: number;
    readonly eventIds: string[];
    readonly emailIds: string[];
    /** Ids of mails written after the response, so that its timing does not reveal whether the user exists. */
    readonly pendingEmailIds: Promise<string>[];
  };
