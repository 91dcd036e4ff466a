import * as v from 'valibot';
import { endSession, endSessions, listSessions, type SessionView } from '../../../domain/sessions/sessions.ts';
import { route } from '../../../http/routes/route.ts';
import { SELF } from '../../../model/clients/scope.ts';
import { absent } from '../../../model/failure.ts';
import { SESSIONS_MAX } from '../../../model/limits/index.ts';
import { REAUTHENTICATION_FAILURES, reauthenticated, toReauthentication } from '../factors/reauthentication.ts';
import { time } from '../present.ts';
import { Session, SessionPath } from './schemas.ts';

const tag = 'Me';

function toSession(session: SessionView): v.InferInput<typeof Session> {
  const { id, application, clientId, clientName, methods, address, userAgent, current } = session;
  return {
    id,
    createdAt: time(session.createdAt),
    lastUsedAt: time(session.usedAt),
    expiresAt: time(session.expiresAt),
    application,
    clientId,
    clientName,
    methods: [...methods],
    address,
    userAgent,
    current,
  };
}

export const toSessions = (sessions: readonly SessionView[]) => sessions.map(toSession);

export const ownSessions = [
  route(
    {
      method: 'GET',
      path: '/me/sessions',
      scope: SELF,
      id: 'listMySessions',
      tag,
      summary: `List one's own sessions, the newest first; at most ${SESSIONS_MAX} for each reseller`,
      returns: [200, v.array(Session)],
      present: toSessions,
    },
    listSessions,
  ),
  route(
    {
      method: 'DELETE',
      path: '/me/sessions',
      scope: SELF,
      id: 'endMySessions',
      tag,
      summary: 'Sign out everywhere, here too; API clients have to ask for consent anew',
      ...reauthenticated,
      returns: [204],
      present: () => null,
      fails: REAUTHENTICATION_FAILURES,
    },
    (caller, { body }) => endSessions(caller, toReauthentication(body)),
  ),
  route(
    {
      method: 'DELETE',
      path: '/me/sessions/:sessionId',
      scope: SELF,
      id: 'endMySession',
      tag,
      summary: 'End one of these sessions; an API client has to ask for consent anew',
      params: SessionPath,
      ...reauthenticated,
      returns: [204],
      present: () => null,
      fails: [...REAUTHENTICATION_FAILURES, absent('session')],
    },
    (caller, { params, body }) => endSession(caller, params.sessionId, toReauthentication(body)),
  ),
];
