import type { RequestOrigin } from '../events/audit.ts';

/** RFC 8176. */
export type AuthenticationMethod = 'pwd' | 'otp' | 'recovery' | 'hwk' | 'google';

export type Session = RequestOrigin & {
  readonly id: string;
  readonly userId: string;
  readonly resellerId: string;
  readonly clientId: string | null;
  readonly scope: string | null;
  readonly methods: readonly AuthenticationMethod[];
  readonly createdAt: number;
  readonly authenticatedAt: number;
  /** By the rules of the primary tenant. */
  readonly countsAtHome: boolean;
  readonly usedAt: number;
  readonly expiresAt: number;
};

export function signedInAt({ authenticatedAt, countsAtHome }: Session): number {
  return countsAtHome ? authenticatedAt : 0;
}

export type IdleTimeoutsMs = { readonly tokens: number; readonly browser: number };

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

export type SessionTokens = {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
  readonly scope: string;
};
