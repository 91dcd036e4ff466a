import * as v from 'valibot';
import type { Documented } from '../../http/dialect.ts';
import type { Failure } from '../../model/failure.ts';
import { AuditEntry } from './audit-log.ts';
import { toWire } from './errors.ts';
import { examples } from './examples.ts';
import { OwnData } from './export-schemas.ts';
import { v3 } from './index.ts';
import * as own from './me-schemas.ts';
import { Job } from './operations-jobs.ts';
import { parameters } from './parameters.ts';
import { Reproof } from './reproof.ts';
import * as wire from './schemas.ts';
import { Login, LoginTokens } from './sign-in-schemas.ts';
import { NewSignInSettings, SignInSettings } from './sign-in-settings.ts';
import * as hook from './webhook-schemas.ts';

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
