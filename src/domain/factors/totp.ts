import { commit } from '../../db/commit/commit.ts';
import {
  confirmTotpAfter,
  deleteRecoveryCodesWithEntry,
  deleteTotpAfter,
  insertRecoveryCodesAfter,
  putTotpSecret,
  useOwnTotpStep,
} from '../../db/factors/factors.ts';
import { deleteAttemptAfter } from '../../db/sign-in/attempts.ts';
import { disableTotp as disable, enableTotp as enable } from '../../db/sign-in/own-sign-in.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { type CurrentUser, findCurrentUser } from '../../db/users/current-user.ts';
import { refuse } from '../../model/failure.ts';
import type { User } from '../../model/users/user.ts';
import { type Factor, totpPurpose, verifyCode, verifyTotpCode } from '../sign-in/second-factor.ts';
import { changeCurrentUser } from './change-current-user.ts';
import { failReauthentication, reauthenticate } from './reauthentication.ts';
import { type Reauthentication, requireRecentSignIn } from './recent-sign-in.ts';
import { endSingleFactorSessions } from './single-factor-sessions.ts';

export type NewTotpSecret = { readonly secret: string; readonly otpauthUri: string };

/** The secret takes effect with the first code and replaces an unconfirmed one. */
export async function startTotp(caller: CallerContext, proof: Reauthentication = {}): Promise<NewTotpSecret> {
  await requireRecentSignIn(caller, proof);
  const { user, productName } = await findCurrentUser(caller);
  const secret = caller.newTotpSecret();
  const started = { secret, otpauthUri: caller.otpauthUri(secret, { issuer: productName, account: user.email }) };
  await commit(caller, {
    write: putTotpSecret(caller, await caller.seal(secret, totpPurpose(user.id))),
    aboveBudget: 'reserve',
    event: null,
    audit: { event: { type: 'account.two-factor-secret-created', details: { method: 'otp' } } },
    resellerId: user.resellerId,
    subject: user.id,
    result: started,
    refused: async () => {
      if ((await findCurrentUser(caller)).totp?.confirmedAt) refuse({ kind: 'factor_present' });
    },
  });
  return started;
}

export async function enableTotp(caller: CallerContext, code: string, proof: Reauthentication = {}): Promise<User> {
  await requireRecentSignIn(caller, proof);
  return verifyAndEnable(caller, code, []);
}

export async function enableTotpWithCodes(caller: CallerContext, code: string): Promise<readonly string[]> {
  await requireRecentSignIn(caller);
  const codes = caller.newRecoveryCodes();
  await verifyAndEnable(caller, code, codes);
  return codes;
}

/** Passkeys stay. */
export async function disableTotp(caller: CallerContext, factor: Factor): Promise<void> {
  const currentUser = await findCurrentUser(caller);
  const { user, totp, passkeys } = requireTotp(currentUser);
  const verify = () => verifyCode(caller, user.id, totp, factor);
  const { proof: verified, attemptId } = await reauthenticate(caller, currentUser, 'wrong-factor', verify);
  const { db, origin } = caller;
  await changeCurrentUser(caller, currentUser, {
    changes: { twoFactorEnabled: passkeys > 0 },
    write: (after) =>
      disable(caller, after, { step: null, codeHash: null, ...verified, readAt: user.updatedAt, passkeys }),
    follow: [deleteTotpAfter(db, user.id), deleteAttemptAfter(db, attemptId)],
    sweep: (entry) => [deleteRecoveryCodesWithEntry(db, entry, user.id)],
    audit: { type: 'account.two-factor-disabled', details: { method: 'otp', ...origin } },
    failure: 'wrong-factor',
  });
}

/** Replaces all earlier codes. */
export async function createRecoveryCodes(caller: CallerContext, code: string): Promise<readonly string[]> {
  const currentUser = await findCurrentUser(caller);
  const { user } = requireTotp(currentUser);
  const { proof: verified, attemptId } = await reauthenticate(caller, currentUser, 'wrong-factor', () =>
    verifyTotpCode(caller, user.id, currentUser.totp, code),
  );
  const { db, now, origin } = caller;
  const codes = caller.newRecoveryCodes();
  const hashes = await Promise.all(codes.map(caller.recoveryCodeHash));
  await commit(caller, {
    write: useOwnTotpStep(caller, verified),
    aboveBudget: 'reserve',
    follow: [insertRecoveryCodesAfter(db, { userId: user.id, hashes, now }), deleteAttemptAfter(db, attemptId)],
    sweep: (entry) => [deleteRecoveryCodesWithEntry(db, entry, user.id, hashes)],
    event: null,
    resellerId: user.resellerId,
    audit: { event: { type: 'account.recovery-codes-created', details: origin }, notified: user.id },
    subject: user.id,
    result: codes,
    refused: async () => {
      await findCurrentUser(caller);
      await failReauthentication(caller, currentUser, 'wrong-factor');
    },
  });
  return codes;
}

async function verifyAndEnable(caller: CallerContext, code: string, codes: readonly string[]): Promise<User> {
  const currentUser = await findCurrentUser(caller);
  const { user, totp } = currentUser;
  if (totp === null) refuse({ kind: 'factor_absent', missing: 'secret' });
  if (totp.confirmedAt !== null) refuse({ kind: 'factor_present' });
  const { proof: verified, attemptId } = await reauthenticate(caller, currentUser, 'wrong-factor', () =>
    verifyTotpCode(caller, user.id, totp, code),
  );
  const { db, now, origin } = caller;
  const hashes = await Promise.all(codes.map(caller.recoveryCodeHash));
  const follow = [confirmTotpAfter(db, { userId: user.id, step: verified, now }), deleteAttemptAfter(db, attemptId)];
  const sweep = (entry: string) => endSingleFactorSessions(caller, currentUser, entry);
  const withCodes = {
    follow: [...follow, insertRecoveryCodesAfter(db, { userId: user.id, hashes, now })],
    sweep: (entry: string) => [...sweep(entry), deleteRecoveryCodesWithEntry(db, entry, user.id, hashes)],
    also: { type: 'account.recovery-codes-created', details: origin },
  } as const;
  return changeCurrentUser(caller, currentUser, {
    changes: { twoFactorEnabled: true },
    write: (after) => enable(caller, after, { readAt: user.updatedAt, sealedSecret: totp.sealedSecret }),
    audit: { type: 'account.two-factor-enabled', details: { method: 'otp', ...origin } },
    ...(codes.length > 0 ? withCodes : { follow, sweep }),
  });
}

function requireTotp(currentUser: CurrentUser): CurrentUser {
  if (!currentUser.totp?.confirmedAt) refuse({ kind: 'factor_absent', missing: 'authenticator' });
  return currentUser;
}
