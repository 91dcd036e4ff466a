import { commit } from '../../db/commit/commit.ts';
import {
  confirmTotp,
  dropTotpBehind,
  insertRecoveryCodes,
  putTotpSecret,
  sweepRecoveryCodes,
  useOwnTotpStep,
} from '../../db/factors/factors.ts';
import { dropAttemptBehind } from '../../db/sign-in/attempts.ts';
import { disableTotp as disable, enableTotp as enable } from '../../db/sign-in/own-sign-in.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { type CurrentUser, findCurrentUser } from '../../db/users/current-user.ts';
import { refuse } from '../../model/failure.ts';
import type { User } from '../../model/users/user.ts';
import { type Factor, verifyCode, verifyTotpCode, totpPurpose } from '../sign-in/second-factor.ts';
import { endSingleFactorSessions } from './first-factor.ts';
import { changeCurrentUser } from './own-change.ts';
import { failReauthentication, reauthenticate } from './own-proof.ts';
import { type Reauthentication, requireRecentSignIn } from './recent-sign-in.ts';

export type TotpSecret = { readonly secret: string; readonly otpauthUri: string };

/** The secret takes effect with the first code and replaces an unconfirmed one. */
export async function startTotp(caller: CallerContext, proof: Reauthentication = {}): Promise<TotpSecret> {
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
  const self = await findCurrentUser(caller);
  const { user, totp, passkeys } = requireTotp(self);
  const judge = () => verifyCode(caller, user.id, totp, factor);
  const { shown, attemptId } = await reauthenticate(caller, self, 'wrong-factor', judge);
  const { db, origin } = caller;
  await changeCurrentUser(caller, self, {
    changes: { twoFactorEnabled: passkeys > 0 },
    write: (after) =>
      disable(caller, after, { step: null, codeHash: null, ...shown, readAt: user.updatedAt, passkeys }),
    follow: [dropTotpBehind(db, user.id), dropAttemptBehind(db, attemptId)],
    sweep: (entry) => [sweepRecoveryCodes(db, entry, user.id)],
    audit: { type: 'account.two-factor-disabled', details: { method: 'otp', ...origin } },
    failed: 'wrong-factor',
  });
}

/** Replaces all earlier codes. */
export async function createRecoveryCodes(caller: CallerContext, code: string): Promise<readonly string[]> {
  const self = await findCurrentUser(caller);
  const { user } = requireTotp(self);
  const { shown, attemptId } = await reauthenticate(caller, self, 'wrong-factor', () =>
    verifyTotpCode(caller, user.id, self.totp, code),
  );
  const { db, now, origin } = caller;
  const codes = caller.newRecoveryCodes();
  const hashes = await Promise.all(codes.map(caller.recoveryCodeHash));
  await commit(caller, {
    write: useOwnTotpStep(caller, shown),
    aboveBudget: 'reserve',
    follow: [insertRecoveryCodes(db, { userId: user.id, hashes, now }), dropAttemptBehind(db, attemptId)],
    sweep: (entry) => [sweepRecoveryCodes(db, entry, user.id, hashes)],
    event: null,
    resellerId: user.resellerId,
    audit: { event: { type: 'account.recovery-codes-created', details: origin }, notified: user.id },
    subject: user.id,
    result: codes,
    refused: async () => {
      await findCurrentUser(caller);
      await failReauthentication(caller, self, 'wrong-factor');
    },
  });
  return codes;
}

async function verifyAndEnable(caller: CallerContext, code: string, codes: readonly string[]): Promise<User> {
  const self = await findCurrentUser(caller);
  const { user, totp } = self;
  if (totp === null) refuse({ kind: 'factor_absent', missing: 'secret' });
  if (totp.confirmedAt !== null) refuse({ kind: 'factor_present' });
  const { shown, attemptId } = await reauthenticate(caller, self, 'wrong-factor', () =>
    verifyTotpCode(caller, user.id, totp, code),
  );
  const { db, now, origin } = caller;
  const hashes = await Promise.all(codes.map(caller.recoveryCodeHash));
  const follow = [confirmTotp(db, { userId: user.id, step: shown, now }), dropAttemptBehind(db, attemptId)];
  const sweep = (entry: string) => endSingleFactorSessions(caller, self, entry);
  const made = {
    follow: [...follow, insertRecoveryCodes(db, { userId: user.id, hashes, now })],
    sweep: (entry: string) => [...sweep(entry), sweepRecoveryCodes(db, entry, user.id, hashes)],
    also: { type: 'account.recovery-codes-created', details: origin },
  } as const;
  return changeCurrentUser(caller, self, {
    changes: { twoFactorEnabled: true },
    write: (after) => enable(caller, after, { readAt: user.updatedAt, sealedSecret: totp.sealedSecret }),
    audit: { type: 'account.two-factor-enabled', details: { method: 'otp', ...origin } },
    ...(codes.length > 0 ? made : { follow, sweep }),
  });
}

function requireTotp(self: CurrentUser): CurrentUser {
  if (!self.totp?.confirmedAt) refuse({ kind: 'factor_absent', missing: 'authenticator' });
  return self;
}
