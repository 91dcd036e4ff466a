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
import type { Call } from '../../db/sql/call.ts';
import { findSelf, type Self } from '../../db/users/current-user.ts';
import { refuse } from '../../model/failure.ts';
import type { User } from '../../model/users/user.ts';
import { type Factor, readCode, readStep, totpPurpose } from '../sign-in/second-factor.ts';
import { sweepUnproven } from './first-factor.ts';
import { changeSelf } from './own-change.ts';
import { failAgain, proveAgain } from './own-proof.ts';
import { type Reproof, requireRecentSignIn } from './recent-sign-in.ts';

/** A secret for an authenticator, and the address that one reads from a QR code. */
export type TotpSecret = { readonly secret: string; readonly otpauthUri: string };

/** A fresh secret that counts once a code of it comes; the one before that still waits does not. Refuses `factor_present`. */
export async function startTotp(call: Call, proof: Reproof = {}): Promise<TotpSecret> {
  await requireRecentSignIn(call, proof);
  const { user, productName } = await findSelf(call);
  const secret = call.newTotpSecret();
  const started = { secret, otpauthUri: call.otpauthUri(secret, { issuer: productName, account: user.email }) };
  await commit(call, {
    write: putTotpSecret(call, await call.seal(secret, totpPurpose(user.id))),
    aboveBudget: 'reserve',
    event: null,
    audit: { event: { type: 'account.two-factor-secret-created', details: { method: 'otp' } } },
    resellerId: user.resellerId,
    subject: user.id,
    result: started,
    refused: async () => {
      if ((await findSelf(call)).totp?.confirmedAt) refuse({ kind: 'factor_present' });
    },
  });
  return started;
}

/** Asks for a code at every sign-in from now on. Refuses `factor_present`, `factor_absent`, `sign_in_failed`, `rate_limited`. */
export async function enableTotp(call: Call, code: string, proof: Reproof = {}): Promise<User> {
  await requireRecentSignIn(call, proof);
  return enableBeside(call, code, []);
}

/** The same with ten recovery codes, which it gives. */
export async function enableTotpWithCodes(call: Call, code: string): Promise<readonly string[]> {
  await requireRecentSignIn(call);
  const codes = call.newRecoveryCodes();
  await enableBeside(call, code, codes);
  return codes;
}

/** Asks for no more codes; passkeys stay. Refuses `factor_absent`, `sign_in_failed`, `rate_limited`. */
export async function disableTotp(call: Call, factor: Factor): Promise<void> {
  const self = await findSelf(call);
  const { user, totp, passkeys } = confirmed(self);
  const judge = () => readCode(call, user.id, totp, factor);
  const { shown, attemptId } = await proveAgain(call, self, 'wrong-factor', judge);
  const { session, origin } = call;
  await changeSelf(call, self, {
    changes: { twoFactorEnabled: passkeys > 0 },
    write: (after) => disable(call, after, { step: null, codeHash: null, ...shown, readAt: user.updatedAt, passkeys }),
    follow: [dropTotpBehind(session, user.id), dropAttemptBehind(session, attemptId)],
    sweep: (entry) => [sweepRecoveryCodes(session, entry, user.id)],
    audit: { type: 'account.two-factor-disabled', details: { method: 'otp', ...origin } },
    failed: 'wrong-factor',
  });
}

/** Ten fresh recovery codes instead of those before. Refuses `factor_absent`, `sign_in_failed`, `rate_limited`. */
export async function createRecoveryCodes(call: Call, code: string): Promise<readonly string[]> {
  const self = await findSelf(call);
  const { user } = confirmed(self);
  const { shown, attemptId } = await proveAgain(call, self, 'wrong-factor', () =>
    readStep(call, user.id, self.totp, code),
  );
  const { session, now, origin } = call;
  const codes = call.newRecoveryCodes();
  const hashes = await Promise.all(codes.map(call.recoveryCodeHash));
  await commit(call, {
    write: useOwnTotpStep(call, shown),
    aboveBudget: 'reserve',
    follow: [insertRecoveryCodes(session, { userId: user.id, hashes, now }), dropAttemptBehind(session, attemptId)],
    sweep: (entry) => [sweepRecoveryCodes(session, entry, user.id, hashes)],
    event: null,
    resellerId: user.resellerId,
    audit: { event: { type: 'account.recovery-codes-created', details: origin }, notified: user.id },
    subject: user.id,
    result: codes,
    refused: async () => {
      await findSelf(call);
      await failAgain(call, self, 'wrong-factor');
    },
  });
  return codes;
}

/** Enables it; recovery codes, where there are any, replace those before. */
async function enableBeside(call: Call, code: string, codes: readonly string[]): Promise<User> {
  const self = await findSelf(call);
  const { user, totp } = self;
  if (totp === null) refuse({ kind: 'factor_absent', missing: 'secret' });
  if (totp.confirmedAt !== null) refuse({ kind: 'factor_present' });
  const { shown, attemptId } = await proveAgain(call, self, 'wrong-factor', () => readStep(call, user.id, totp, code));
  const { session, now, origin } = call;
  const hashes = await Promise.all(codes.map(call.recoveryCodeHash));
  const follow = [confirmTotp(session, { userId: user.id, step: shown, now }), dropAttemptBehind(session, attemptId)];
  const sweep = (entry: string) => sweepUnproven(call, self, entry);
  const made = {
    follow: [...follow, insertRecoveryCodes(session, { userId: user.id, hashes, now })],
    sweep: (entry: string) => [...sweep(entry), sweepRecoveryCodes(session, entry, user.id, hashes)],
    also: { type: 'account.recovery-codes-created', details: origin },
  } as const;
  return changeSelf(call, self, {
    changes: { twoFactorEnabled: true },
    write: (after) => enable(call, after, { readAt: user.updatedAt, sealedSecret: totp.sealedSecret }),
    audit: { type: 'account.two-factor-enabled', details: { method: 'otp', ...origin } },
    ...(codes.length > 0 ? made : { follow, sweep }),
  });
}

/** Refuses `factor_absent` where there is no authenticator. */
function confirmed(self: Self): Self {
  if (!self.totp?.confirmedAt) refuse({ kind: 'factor_absent', missing: 'authenticator' });
  return self;
}
