import * as v from 'valibot';
import { EXPORTED_ENTRIES } from '../../../model/limits/index.ts';
import { ACTOR_KINDS } from '../../../model/users/own-export.ts';
import { id, time } from '../schemas.ts';
import { User } from './schemas.ts';

export const OwnData = v.object({
  profile: v.object({
    ...User.entries,
    resellerId: v.pipe(id, v.description('The primary tenant.')),
    jobTitle: v.string(),
    phone: v.string(),
    language: v.string(),
    allowCustomerPortalAccess: v.boolean(),
    hasPassword: v.boolean(),
    activatedAt: v.nullable(time),
    emailVerifiedAt: v.nullable(time),
  }),
  memberships: v.array(
    v.object({
      resellerId: id,
      resellerName: v.string(),
      roles: v.array(v.string()),
      createdAt: time,
      acceptedAt: v.pipe(v.nullable(time), v.description('Null: an invitation.')),
      disabledAt: v.pipe(v.nullable(time), v.description('Null: the tenant has not disabled it.')),
    }),
  ),
  sessions: v.array(
    v.object({
      id,
      resellerId: v.nullable(id),
      clientId: v.nullable(id),
      methods: v.array(v.string()),
      address: v.string(),
      userAgent: v.string(),
      createdAt: time,
      lastUsedAt: time,
      expiresAt: time,
    }),
  ),
  networks: v.pipe(
    v.array(v.object({ network: v.string(), lastSignInAt: time })),
    v.description('Those that you signed in from in the last 30 days.'),
  ),
  passkeys: v.array(v.object({ name: v.string(), createdAt: time, lastUsedAt: v.nullable(time) })),
  identities: v.array(v.object({ issuer: v.string(), email: v.string(), linkedAt: time })),
  consents: v.array(v.object({ clientId: id, scope: v.string(), grantedAt: time })),
  auditLog: v.pipe(
    v.array(
      v.object({
        id,
        resellerId: id,
        type: v.string(),
        actor: v.picklist(ACTOR_KINDS),
        address: v.string(),
        userAgent: v.string(),
        occurredAt: time,
      }),
    ),
    v.description(`Of the newest ${EXPORTED_ENTRIES} entries about you, those in your tenants, the newest first.`),
  ),
});
