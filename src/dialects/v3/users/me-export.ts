import type * as v from 'valibot';
import { exportOwnData } from '../../../domain/users/own-account.ts';
import { route } from '../../../http/routes/route.ts';
import { SELF } from '../../../model/clients/scope.ts';
import type { OwnExport } from '../../../model/users/own-export.ts';
import { time, toUser } from '../present.ts';
import { OwnData } from './export-schemas.ts';

const timeOrNull = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : time(ms));

export function toOwnData({ user, hasPassword, ...lists }: OwnExport): v.InferInput<typeof OwnData> {
  const { resellerId, jobTitle, phone, language, allowCustomerPortalAccess } = user;
  return {
    profile: {
      ...toUser(user),
      ...{ resellerId, jobTitle, phone, language, allowCustomerPortalAccess, hasPassword },
      activatedAt: timeOrNull(user.verifiedAt),
      emailVerifiedAt: timeOrNull(user.emailVerifiedAt),
    },
    memberships: lists.memberships.map(({ roles, createdAt, acceptedAt, disabledAt, ...rest }) => ({
      ...rest,
      roles: [...roles],
      createdAt: time(createdAt),
      acceptedAt: timeOrNull(acceptedAt),
      disabledAt: timeOrNull(disabledAt),
    })),
    sessions: lists.sessions.map(({ methods, createdAt, usedAt, expiresAt, ...rest }) => ({
      ...rest,
      methods: [...methods],
      createdAt: time(createdAt),
      lastUsedAt: time(usedAt),
      expiresAt: time(expiresAt),
    })),
    networks: lists.networks.map(({ network, signedInAt }) => ({ network, lastSignInAt: time(signedInAt) })),
    passkeys: lists.passkeys.map(({ name, createdAt, usedAt }) => ({
      name,
      createdAt: time(createdAt),
      lastUsedAt: timeOrNull(usedAt),
    })),
    identities: lists.identities.map(({ issuer, email, createdAt }) => ({ issuer, email, linkedAt: time(createdAt) })),
    consents: lists.consents.map((consent) => ({ ...consent, grantedAt: time(consent.grantedAt) })),
    auditLog: lists.auditLog.map((entry) => ({ ...entry, occurredAt: time(entry.occurredAt) })),
  };
}

export const ownExport = [
  route(
    {
      method: 'GET',
      path: '/me/export',
      scope: SELF,
      cost: 'heavy',
      id: 'exportMyData',
      tag: 'Me',
      summary: 'Export what is stored about you, without secrets',
      returns: [200, OwnData],
      present: toOwnData,
      fails: [{ kind: 'recent_sign_in_required' }],
    },
    exportOwnData,
  ),
];
