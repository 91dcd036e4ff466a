import * as v from 'valibot';
import type { Reauthentication as Given } from '../../../domain/factors/recent-sign-in.ts';
import { FactorCode, GivenPassword } from '../sign-in/schemas.ts';

export const reauthenticationPassword = v.pipe(
  v.optional(GivenPassword),
  v.description('Sent where the sign-in is older than 15 minutes.'),
);
const code = v.pipe(v.optional(FactorCode), v.description('The same by a code of the authenticator app.'));

export const Reauthentication = v.object({ password: reauthenticationPassword, twoFactorCode: code });

export const reauthenticated = { body: v.optional(Reauthentication), mediaTypes: ['application/json'] } as const;
export const REAUTHENTICATION_FAILURES = [{ kind: 'recent_sign_in_required' }, { kind: 'sign_in_failed' }] as const;

export const toReauthentication = (body: v.InferOutput<typeof Reauthentication> | undefined): Given => ({
  password: body?.password,
  code: body?.twoFactorCode,
});
