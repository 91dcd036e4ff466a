import * as v from 'valibot';
import { Email, Id, Name, text } from '../../../model/fields.ts';
import { FACTOR_CODE_MAX_CHARS, PASSWORD_MAX_CHARS } from '../../../model/limits/index.ts';

export const FactorCode = text(1, FACTOR_CODE_MAX_CHARS);
/** A current password may be older than today's rule. */
export const GivenPassword = text(1, PASSWORD_MAX_CHARS);

const AccountId = v.pipe(Id, v.description('The reseller, by its id.'));
const AccountAlias = v.pipe(Name, v.description('The reseller, by its name.'));

const place = { accountId: v.optional(AccountId), accountAlias: v.optional(AccountAlias) };
const isPlaced = ({ accountId, accountAlias }: { readonly accountId?: unknown; readonly accountAlias?: unknown }) =>
  (accountId ?? accountAlias) !== undefined;
const UNPLACED = 'Send accountId or accountAlias.';

export const Login = v.pipe(
  v.object({
    ...place,
    email: Email,
    password: GivenPassword,
    twoFactorCode: v.optional(FactorCode),
    twoFactorRecoveryCode: v.optional(FactorCode),
  }),
  v.forward(
    v.check((input) => isPlaced(input), UNPLACED),
    ['accountId'],
  ),
);
export const LoginPlace = v.pipe(
  v.object(place),
  v.forward(
    v.check((input) => isPlaced(input), UNPLACED),
    ['accountId'],
  ),
);

export const LoginTokens = v.object({
  accessToken: v.string(),
  refreshToken: v.string(),
  expiresIn: v.pipe(v.number(), v.integer(), v.description('Seconds until the access token runs out.')),
});
