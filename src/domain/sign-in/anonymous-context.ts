import type { Device } from '../../model/sessions/device.ts';
import type { IdleTimeoutsMs } from '../../model/sessions/session.ts';
import type { SignInCrypto } from '../../model/sign-in/crypto.ts';
import type { Budgets } from '../../model/usage/budgets.ts';
import type { LinkContext } from './links.ts';

/** What an access token of a user says. */
export type UserGrant = {
  readonly subject: string;
  readonly clientId: string;
  readonly resellerId: string;
  readonly scope: string;
  readonly sessionId: string;
  readonly signedInAt: number | null;
};

/** Somebody who comes to sign in, and what it takes to judge and to let in. */
export type AnonymousContext = LinkContext &
  SignInCrypto & {
    /** What each tenant may use in a day. */
    readonly budgets: Budgets;
    /** The users who have signed in with the browser before. */
    readonly devices: () => Promise<readonly Device[]>;
    readonly issueToken: (grant: UserGrant) => Promise<string>;
    /** How long the session lasts without being used. */
    readonly idleMs: IdleTimeoutsMs;
    /** Life of what that gives. */
    readonly accessTokenSeconds: number;
    /** Ids of the events and mails that were written, to be sent. */
    readonly eventIds: string[];
    readonly emailIds: string[];
    /** A mail that nobody waits for: the answer is the same before anybody has looked whether there is one. */
    readonly unhurried: Promise<string>[];
  };
