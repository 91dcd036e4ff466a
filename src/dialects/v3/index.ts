import { bearer } from '../../http/callers/bearer.ts';
import type { Dialect } from '../../http/routes/dialect.ts';
import { RATE_WINDOW_SECONDS } from '../../model/limits/index.ts';
import { faultBody, toWire } from './errors.ts';
import { auditLog } from './events/audit-log.ts';
import { events } from './events/event-shapes.ts';
import { eventTypes } from './events/event-types.ts';
import { eventsFeed } from './events/events.ts';
import { ownPasskeys } from './factors/me-passkeys.ts';
import { twoFactor } from './factors/two-factor.ts';
import { operationsJobs } from './jobs/jobs.ts';
import { operationsMetrics } from './jobs/metrics.ts';
import { time } from './present.ts';
import { organizations } from './resellers/organizations.ts';
import { resellers } from './resellers/resellers.ts';
import { signInSettings } from './resellers/sign-in-settings.ts';
import { me } from './sessions/me.ts';
import { ownConsents } from './sessions/me-consents.ts';
import { ownSessions } from './sessions/me-sessions.ts';
import { login } from './sign-in/login.ts';
import { loginGoogle } from './sign-in/login-google.ts';
import { passwordReset } from './sign-in/password-reset.ts';
import { ownExport } from './users/me-export.ts';
import { ownMemberships } from './users/me-memberships.ts';
import { userAccess } from './users/user-access.ts';
import { users } from './users/users.ts';
import { webhookWork } from './webhooks/webhook-actions.ts';
import { eventLogs } from './webhooks/webhook-logs.ts';
import { webhooks } from './webhooks/webhooks.ts';

export const v3: Dialect = {
  name: 'v3',
  base: '/v3',
  title: 'Resellers API v3',
  description: 'Resellers, their organizations and users, signed webhooks and the events behind them.',
  realm: 'path',
  security: ['oauth'],
  authenticate: bearer,
  routes: [
    ...resellers,
    ...organizations,
    ...users,
    ...eventTypes,
    ...webhooks,
    ...webhookWork,
    ...eventLogs,
    ...eventsFeed,
    ...login,
    ...passwordReset,
    ...me,
    ...ownSessions,
    ...ownMemberships,
    ...ownConsents,
    ...ownExport,
    ...twoFactor,
    ...ownPasskeys,
    ...userAccess,
    ...loginGoogle,
    ...signInSettings,
    ...auditLog,
    ...operationsJobs,
    ...operationsMetrics,
  ],
  toWire,
  faultBody,
  rateHeaders: ({ remaining, resetMs }) => ({
    'X-Rate-Limit-Limit': `${RATE_WINDOW_SECONDS}s`,
    'X-Rate-Limit-Remaining': String(remaining),
    'X-Rate-Limit-Reset': time(resetMs),
  }),
  events,
};
