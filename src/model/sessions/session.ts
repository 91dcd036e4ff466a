import type { Origin } from '../events/audit.ts';

/** How a user proved to be the user (RFC 8176 where that has a word for it). */
export type Method = 'pwd' | 'otp' | 'recovery' | 'hwk' | 'google';

/** Somebody signed in, on one device or by one API client. */
export type Session = Origin & {
  readonly id: string;
  readonly userId: string;
  readonly resellerId: string;
  /** The API client that acts for the user; null: the user came to us. */
  readonly clientId: string | null;
  /** What that client may do at most, separated by spaces; null: whatever the user may. */
  readonly scope: string | null;
  readonly methods: readonly Method[];
  readonly createdAt: number;
  /** When the user proved to be the user, here or at the outside provider; 0: that one did not say. */
  readonly authenticatedAt: number;
  /** Whether the rules of the user's own account accept how that was. */
  readonly countsAtHome: boolean;
  readonly usedAt: number;
  readonly expiresAt: number;
};

/** When the user last proved to be the user in a way that lets it change itself; 0: it has not. */
export function signedInAt({ authenticatedAt, countsAtHome }: Session): number {
  return countsAtHome ? authenticatedAt : 0;
}

/** How long a session lasts without being used, in milliseconds: one with tokens, and a browser's. */
export type IdleMs = { readonly tokens: number; readonly browser: number };

/** Why one ended before its time. */
export type EndReason =
  | 'signed-out'
  | 'ended-by-user'
  | 'consent-withdrawn'
  | 'ended-by-administrator'
  | 'password-changed'
  | 'factor-enabled'
  | 'refresh-token-reused'
  | 'code-reused'
  | 'revoked'
  | 'too-many'
  | 'account-disabled'
  | 'client-revoked'
  | 'credentials-reset';

/** A session as whoever signs in takes it away. */
export type Tokens = {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Of the access token. */
  readonly expiresInSeconds: number;
  /** The rights of the access token, separated by spaces. */
  readonly scope: string;
};
