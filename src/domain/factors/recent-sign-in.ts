import { useOwnTotpCode } from '../../db/factors/factors.ts';
import { removeAttempt } from '../../db/sign-in/sign-in.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { type CurrentUser, findCurrentUser } from '../../db/users/current-user.ts';
import { CREDENTIAL_SCOPES } from '../../model/clients/scope.ts';
import { refuse } from '../../model/failure.ts';
import { RECENT_SIGN_IN_MS } from '../../model/limits/index.ts';
import type { RequiredRights } from '../../model/users/required-rights.ts';
import { verifyTotpCode } from '../sign-in/second-factor.ts';
import { failReauthentication, reauthenticate } from './reauthentication.ts';

export type Reauthentication = {
  readonly password?: string | undefined;
  readonly code?: string | undefined;
};

/** Refreshing a session does not count. */
export function isRecentlySignedIn({ actor: { signedInAt }, now }: Pick<CallerContext, 'actor' | 'now'>): boolean {
  return signedInAt !== null && now - signedInAt <= RECENT_SIGN_IN_MS;
}

/** Accepts a recent sign-in, or else the password or a code. `removesFactor`: the password alone is not enough. */
export async function requireRecentSignIn(
  caller: CallerContext,
  { password, code }: Reauthentication = {},
  { removesFactor = false }: { readonly removesFactor?: boolean } = {},
): Promise<void> {
  if (caller.actor.signedInAt === null) refuse({ kind: 'user_required' }, 'an API client acts for the user');
  if (isRecentlySignedIn(caller)) return;
  if (code !== undefined) return reauthenticateByCode(caller, await findCurrentUser(caller), code);
  if (password === undefined) refuse({ kind: 'recent_sign_in_required' });
  const currentUser = await findCurrentUser(caller);
  if (removesFactor && currentUser.totp?.confirmedAt) refuse({ kind: 'factor_required' });
  if (removesFactor && currentUser.passkeys > 0) refuse({ kind: 'recent_sign_in_required' });
  return reauthenticateByPassword(caller, currentUser, password);
}

export async function requireRecentSignInForSelf(caller: CallerContext, userId: string): Promise<void> {
  if (caller.actor.subject === userId) await requireRecentSignInOfUser(caller);
}

export async function requireRecentSignInOfUser(caller: CallerContext): Promise<void> {
  if (caller.actor.kind === 'user') await requireRecentSignIn(caller);
}

/** Applies if the granted rights include credential scopes: their holder could change the caller's credentials. */
export async function requireRecentSignInToGrant(
  caller: CallerContext,
  { tenant, organization }: RequiredRights,
): Promise<void> {
  if ([...tenant, ...organization].some((scope) => CREDENTIAL_SCOPES.has(scope)))
    await requireRecentSignInOfUser(caller);
}

async function reauthenticateByPassword(
  caller: CallerContext,
  currentUser: CurrentUser,
  password: string,
): Promise<void> {
  const verify = async () => ((await caller.checkPassword(password, currentUser.passwordHash)).matches ? true : null);
  const { attemptId } = await reauthenticate(caller, currentUser, 'wrong-password', verify);
  await removeAttempt(caller.db, attemptId);
}

async function reauthenticateByCode(caller: CallerContext, currentUser: CurrentUser, code: string): Promise<void> {
  const { user, totp } = currentUser;
  const verify = () => verifyTotpCode(caller, user.id, totp?.confirmedAt ? totp : null, code);
  const { proof: step, attemptId } = await reauthenticate(caller, currentUser, 'wrong-factor', verify);
  if (!(await useOwnTotpCode(caller, step, attemptId))) await failReauthentication(caller, currentUser, 'wrong-factor');
}
