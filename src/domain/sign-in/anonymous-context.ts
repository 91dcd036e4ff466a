import type { Device } from '../../model/sessions/device.ts';
import type { IdleTimeoutsMs } from '../../model/sessions/session.ts';
import type { SignInCrypto } from '../../model/sign-in/crypto.ts';
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
  SignInCrypto & {
    readonly budgets: Budgets;
    /** Users who have signed in with this browser before. */
    readonly devices: () => Promise<readonly Device[]>;
    readonly issueToken: (grant: UserGrant) => Promise<string>;
    readonly idleMs: IdleTimeoutsMs;
    readonly accessTokenSeconds: number;
    readonly eventIds: string[];
    readonly emailIds: string[];
    /** Ids of mails written after the response, so that its timing does not reveal whether the user exists. */
    readonly pendingEmailIds: Promise<string>[];
  };
