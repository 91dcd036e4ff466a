import { bearer } from '../../http/bearer.ts';
import type { Dialect } from '../../http/dialect.ts';
import { RATE_WINDOW_SECONDS } from '../../model/limits.ts';
import { auditLog } from './audit-log.ts';
import { faultBody, toWire } from './errors.ts';
import { events } from './event-shapes.ts';
import { eventTypes } from './event-types.ts';
import { eventsFeed } from './events.ts';
import { login } from './login.ts';
import { loginGoogle } from './login-google.ts';
import { me } from './me.ts';
import { ownConsents } from './me-consents.ts';
import { ownExport } from './me-export.ts';
import { ownMemberships } from './me-memberships.ts';
import { ownPasskeys } from './me-passkeys.ts';
import { ownSessions } from './me-sessions.ts';
import { operationsJobs } from './operations-jobs.ts';
import { operationsMetrics } from './operations-metrics.ts';
import { organizations } from './organizations.ts';
import { passwordReset } from './password-reset.ts';
import { time } from './present.ts';
import { resellers } from './resellers.ts';
import { signInSettings } from './sign-in-settings.ts';
import { twoFactor } from './two-factor.ts';
import { userAccess } from './user-access.ts';
import { users } from './users.ts';
import { eventLogs } from './webhook-logs.ts';
import { webhookWork } from './webhook-work.ts';
import { webhooks } from './webhooks.ts';

/** REST in camelCase, PATCH as merge, errors as `{message, code}`, signed webhooks (contracts: v3). */
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
