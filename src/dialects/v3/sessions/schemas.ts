import * as v from 'valibot';
import { Password } from '../../../model/factors/password.ts';
import { Email, Id } from '../../../model/fields.ts';
import { LINK_TOKEN_MAX_CHARS, PASSKEY_ID_MAX_CHARS } from '../../../model/limits/index.ts';
import { reauthenticationPassword } from '../factors/reauthentication.ts';
import { id, time } from '../schemas.ts';
import { FactorCode, GivenPassword } from '../sign-in/schemas.ts';

const ELSEWHERE = 'Null of an application of another reseller.';
const clientIdHere = v.pipe(v.nullable(id), v.description(ELSEWHERE));
const clientNameHere = v.pipe(v.nullable(v.string()), v.description(ELSEWHERE));

export const Session = v.object({
  id,
  createdAt: time,
  lastUsedAt: time,
  expiresAt: v.pipe(time, v.description('Later with each use, up to 30 days from the sign-in.')),
  application: v.pipe(v.boolean(), v.description('Whether an application acts for the user by it.')),
  clientId: clientIdHere,
  clientName: clientNameHere,
  methods: v.pipe(v.array(v.string()), v.description('How the user proved to be the user (RFC 8176).')),
  address: v.string(),
  userAgent: v.string(),
  current: v.pipe(v.boolean(), v.description('Whether the request came by it.')),
});

export const TotpSecret = v.object({ secret: v.string(), otpauthUri: v.string() });
export const TwoFactorCode = v.object({ twoFactorCode: FactorCode });
export const TwoFactorStart = v.object({ twoFactorCode: FactorCode, password: reauthenticationPassword });
export const TwoFactorProof = v.pipe(
  v.object({ twoFactorCode: v.optional(FactorCode), twoFactorRecoveryCode: v.optional(FactorCode) }),
  v.forward(
    v.check(
      ({ twoFactorCode, twoFactorRecoveryCode }) => (twoFactorCode ?? twoFactorRecoveryCode) !== undefined,
      'Send twoFactorCode or twoFactorRecoveryCode.',
    ),
    ['twoFactorCode'],
  ),
);
export const RecoveryCodes = v.object({ recoveryCodes: v.array(v.string()) });

export const Passkey = v.object({
  id: v.string(),
  name: v.string(),
  createdAt: time,
  lastUsedAt: v.nullable(time),
  backedUp: v.pipe(v.boolean(), v.description('Whether it is kept in more than one place.')),
});

export const Consent = v.object({
  id,
  clientId: clientIdHere,
  clientName: clientNameHere,
  scopes: v.array(v.string()),
  grantedAt: time,
});

export const PasswordChange = v.object({ currentPassword: GivenPassword, newPassword: Password });
export const ResetRequest = v.object({ email: Email });
export const ResetToken = v.object({ resetPasswordToken: v.string() });
const LinkToken = v.pipe(v.string(), v.minLength(1), v.maxLength(LINK_TOKEN_MAX_CHARS));
export const PasswordReset = v.object({ token: LinkToken, newPassword: Password });

export const Membership = v.object({
  resellerId: id,
  resellerName: v.string(),
  roles: v.array(v.string()),
  primary: v.pipe(v.boolean(), v.description('Whether it is the tenant that administers the user.')),
  createdAt: time,
  disabled: v.exactOptional(v.pipe(v.literal(true), v.description('Only while the tenant has disabled it.'))),
  membership: v.exactOptional(v.pipe(v.literal('pending'), v.description('Only until you accept it.'))),
});
export const MembershipPath = v.object({ resellerId: Id });

export const ConsentPath = v.object({ consentId: Id });
export const SessionPath = v.object({ sessionId: Id });
/** Base64url is case-sensitive (WebAuthn §5.1.3). */
export const PasskeyPath = v.object({
  passkeyId: v.pipe(v.string(), v.maxLength(PASSKEY_ID_MAX_CHARS), v.regex(/^[\w-]+$/, 'Must be base64url.')),
});
export const PersonPath = v.object({ userId: Id });
export const PersonSessionPath = v.object({ userId: Id, sessionId: Id });
