import { useOwnTotpCode } from '../../db/factors/factors.ts';
import { forgiveAttempt } from '../../db/sign-in/sign-in.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { type CurrentUser, findCurrentUser } from '../../db/users/current-user.ts';
import { CREDENTIAL_SCOPES } from '../../model/clients/scope.ts';
import { refuse } from '../../model/failure.ts';
import { RECENT_SIGN_IN_MS } from '../../model/limits/index.ts';
import type { RequiredRights } from '../../model/users/required-rights.ts';
import { readStep } from '../sign-in/second-factor.ts';
import { failAgain, proveAgain } from './own-proof.ts';

/** What a request carries where the sign-in is not recent. */
export type Reproof = {
  readonly password?: string | undefined;
  /** A code of the authenticator app. */
  readonly code?: string | undefined;
};

/** Whether the caller signed in recently; refreshing a session does not make it recent. */
export function isRecent({ actor: { signedInAt }, now }: Pick<CallerContext, 'actor' | 'now'>): boolean {
  return signedInAt !== null && now - signedInAt <= RECENT_SIGN_IN_MS;
}

/**
 * Requires a recent sign-in, or else the password or a code, each counted as an attempt to sign in. `lowers`: the change
 * takes a second factor away, for which the password alone is not enough. Refuses `user_required` of an application,
 * `recent_sign_in_required`, `factor_required`, `sign_in_failed`, `rate_limited`.
 */
export async function requireRecentSignIn(
  caller: CallerContext,
  { password, code }: Reproof = {},
  { lowers = false }: { readonly lowers?: boolean } = {},
): Promise<void> {
  if (caller.actor.signedInAt === null) refuse({ kind: 'user_required' }, 'an API client acts for the user');
  if (isRecent(caller)) return;
  if (code !== undefined) return proveCode(caller, await findCurrentUser(caller), code);
  if (password === undefined) refuse({ kind: 'recent_sign_in_required' });
  const self = await findCurrentUser(caller);
  if (lowers && self.totp?.confirmedAt) refuse({ kind: 'factor_required' });
  if (lowers && self.passkeys > 0) refuse({ kind: 'recent_sign_in_required' });
  return provePassword(caller, self, password);
}

/** The same where the user that a change is about is the caller itself, whatever its rights. */
export async function requireRecentOfSelf(caller: CallerContext, userId: string): Promise<void> {
  if (caller.actor.subject === userId) await requireRecentOfUser(caller);
}

/** The same where a user, and no API client of the tenant, makes or changes a credential. */
export async function requireRecentOfUser(caller: CallerContext): Promise<void> {
  if (caller.actor.kind === 'user') await requireRecentSignIn(caller);
}

/** The same where these rights, as given to another user, include making credentials: that user could change the caller's. */
export async function requireRecentToGive(
  caller: CallerContext,
  { tenant, organization }: RequiredRights,
): Promise<void> {
  if ([...tenant, ...organization].some((scope) => CREDENTIAL_SCOPES.has(scope))) await requireRecentOfUser(caller);
}

async function provePassword(caller: CallerContext, self: CurrentUser, password: string): Promise<void> {
  const judge = async () => ((await caller.checkPassword(password, self.passwordHash)).matches ? true : null);
  const { attemptId } = await proveAgain(caller, self, 'wrong-password', judge);
  await forgiveAttempt(caller.db, attemptId);
}

async function proveCode(caller: CallerContext, self: CurrentUser, code: string): Promise<void> {
  const { user, totp } = self;
  const judge = () => readStep(caller, user.id, totp?.confirmedAt ? totp : null, code);
  const { shown: step, attemptId } = await proveAgain(caller, self, 'wrong-factor', judge);
  if (!(await useOwnTotpCode(caller, step, attemptId))) await failAgain(caller, self, 'wrong-factor');
}
