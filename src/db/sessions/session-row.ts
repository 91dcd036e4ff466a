import { sql } from 'drizzle-orm';
import { IDENTITY_SCOPES } from '../../model/clients/identity-scope.ts';
import { intersectScopes } from '../../model/clients/scope.ts';
import type { Session } from '../../model/sessions/session.ts';
import type { Member } from '../../model/users/member.ts';
import type { Role } from '../../model/users/role.ts';
import { apiClients, sessions } from '../schema/index.ts';
import { asJson, columnsOf, jsonValue, mapped, record, type Selection, value } from '../sql/selection.ts';
import { userSelected } from '../users/users.ts';

export const sessionColumns = columnsOf(sessions, 'session', [
  'id',
  'userId',
  'resellerId',
  'clientId',
  'scope',
  'methods',
  'address',
  'userAgent',
  'createdAt',
  'authenticatedAt',
  'countsAtHome',
  'usedAt',
  'expiresAt',
]) as Selection<Session | null>;

/** Scopes are limited to the current ones of the API client. */
export type MemberSession = { readonly session: Session; readonly member: Member };

export const memberSessionSelected: Selection<MemberSession | null> = mapped(
  record({
    session: asJson(sessionColumns),
    clientScopes: value<string | null>(
      sql`(select acting.scopes from ${apiClients} as acting where acting.id = session.client_id)`,
    ),
    roles: jsonValue<Role[]>(sql`membership.roles`),
    user: userSelected,
  }),
  ({ session, clientScopes, roles, user }) => {
    if (session === null || user === null) return null;
    const held = clientScopes === null ? null : `${clientScopes} ${IDENTITY_SCOPES.join(' ')}`;
    return { session: { ...session, scope: intersectScopes(session.scope, held) }, member: { ...user, roles } };
  },
);
