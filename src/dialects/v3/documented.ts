import * as v from 'valibot';
import type { Documented } from '../../http/routes/dialect.ts';
import type { Failure } from '../../model/failure.ts';
import { toWire } from './errors.ts';
import { AuditEntry } from './events/audit-log.ts';
import { examples } from './examples.ts';
import { Reproof } from './factors/reproof.ts';
import { v3 } from './index.ts';
import { Job } from './jobs/jobs.ts';
import { parameters } from './parameters.ts';
import { NewSignInSettings, SignInSettings } from './resellers/sign-in-settings.ts';
import * as wire from './schemas.ts';
import * as own from './sessions/me-schemas.ts';
import { Login, LoginTokens } from './sign-in/sign-in-schemas.ts';
import { OwnData } from './users/export-schemas.ts';
import * as hook from './webhooks/webhook-schemas.ts';

const { Reseller, Organization, User, ErrorBody } = wire;
const { NewReseller, NewOrganization, NewUser } = wire;
const { ResellerChanges, OrganizationChanges, UserChanges } = wire;
const { Webhook, WebhookWithToken, NewWebhook, WebhookChanges } = hook;
const { TokenRotation, WebhookTest, RecoveryStart, EventLog, EventType, Recovery, WebhookDelivery } = hook;
const { Session, TotpSecret, TwoFactorCode, TwoFactorStart, TwoFactorProof, RecoveryCodes, Passkey, Consent } = own;
const { Membership } = own;
const { PasswordChange, ResetRequest, ResetToken, PasswordReset } = own;
const schemas = {
  Reseller,
  NewReseller,
  ResellerChanges,
  Organization,
  NewOrganization,
  OrganizationChanges,
  User,
  NewUser,
  UserChanges,
  Webhook,
  WebhookWithToken,
  NewWebhook,
  WebhookChanges,
  TokenRotation,
  WebhookTest,
  RecoveryStart,
  WebhookDelivery,
  EventLog,
  EventType,
  Recovery,
  Login,
  LoginTokens,
  Session,
  TotpSecret,
  TwoFactorCode,
  TwoFactorStart,
  TwoFactorProof,
  Reproof,
  RecoveryCodes,
  Passkey,
  Consent,
  Membership,
  OwnData,
  PasswordChange,
  ResetRequest,
  ResetToken,
  PasswordReset,
  SignInSettings,
  NewSignInSettings,
  AuditEntry,
  Job,
  ErrorBody,
};

function wordsOf(failure: Failure): string {
  const { code, message } = v.parse(ErrorBody, toWire(failure).body);
  return `\`${code}\`: ${message}`;
}

export const documentedV3: Documented = { ...v3, schemas, examples, errorSchema: ErrorBody, wordsOf, parameters };
