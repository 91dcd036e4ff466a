import { sql } from 'drizzle-orm';
import { IDENTITY_SCOPES } from '../../model/clients/identity-scope.ts';
import { intersectScopes } from '../../model/clients/scope.ts';
import type { Session } from '../../model/sessions/session.ts';
import type { Member } from '../../model/users/member.ts';
import { apiClients, sessions } from '../schema/index.ts';
import { columnsOf } from '../sql/columns.ts';
import { readUser, userSelected } from '../users/users.ts';

/** The columns of a session, where a query names the table `session`. */
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
]);

/** A session and its user; its scope is what its API client may do by now. */
export type MemberSession = { readonly session: Session; readonly member: Member };

/** What to select of `session`, `membership`, `user` and `organization`, each name once: a batch gives rows as objects. */
export const memberSessionSelected = sql`${sessionColumns.selectedAsJson} as session,
  (select acting.scopes from ${apiClients} as acting where acting.id = session.client_id) as client_scopes,
  membership.roles, ${userSelected}`;

/** What such a query found, from its row. */
export function readMemberSession(found: Readonly<Record<string, unknown>> | undefined): MemberSession | null {
  const [json, clientScopes, roles, ...row] = Object.values(found ?? {});
  const session = sessionColumns.readJson(json) as Session | null;
  const user = session && readUser(row, 0);
  if (session === null || user === null) return null;
  const held = typeof clientScopes === 'string' ? `${clientScopes} ${IDENTITY_SCOPES.join(' ')}` : null;
  return {
    session: { ...session, scope: intersectScopes(session.scope, held) },
    member: { ...user, roles: JSON.parse(String(roles)) },
  };
}
