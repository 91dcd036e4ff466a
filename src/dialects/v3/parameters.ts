import { FILTER_VALUES_MAX, LIST_EXAMINED_ROWS } from '../../model/limits/index.ts';
import type { TextOperator, TimeOperator } from '../../model/listing.ts';
import { v3 } from './index.ts';

const several = `one of these, separated by commas or the parameter repeated; at most ${FILTER_VALUES_MAX}`;
const operators: Readonly<Record<TextOperator | TimeOperator, string>> = {
  eq: 'is this',
  ne: 'is not this',
  sw: 'starts with this',
  ew: 'ends with this',
  cn: 'contains this',
  nc: 'does not contain this',
  in: `is ${several}`,
  nin: `is not ${several}`,
  gt: 'is after this',
  gte: 'is this or after it',
  lt: 'is before this',
  lte: 'is this or before it',
};
const midnight = 'a date alone is its midnight in UTC';

const called: Readonly<Record<string, string>> = { lastSeenAt: 'lastLoginAt' };

function meaningOf(field: string, operator: string): string {
  const condition = operators[operator as keyof typeof operators];
  return `Only those whose \`${called[field] ?? field}\` ${condition}${field.endsWith('At') ? `; ${midnight}` : ''}.`;
}

/** `field` is the same as `field[eq]`. */
function filtersOf(names: readonly string[]): [name: string, meaning: string][] {
  return names.flatMap((name): [string, string][] => {
    const [, field = '', operator = ''] = /^(\w+)\[(\w+)\]$/.exec(name) ?? [];
    if (operator === 'eq') return [[name, `The same as \`${field}\` alone.`]];
    if (operator !== '') return [[name, meaningOf(field, operator)]];
    return names.some((other) => other.startsWith(`${name}[`)) ? [[name, meaningOf(name, 'eq')]] : [];
  });
}

const filters = v3.routes.flatMap(({ id, query }) =>
  filtersOf(Object.keys(query?.entries ?? {})).map(([name, meaning]) => [`${id} ${name}`, meaning]),
);

const auditLog = {
  resellerId: 'Only what happened in this reseller.',
  after: 'Where to go on: the id in the `Link` header of the page before.',
};
const ofAuditLog = ['listAuditLog', 'exportAuditLog'].flatMap((id) =>
  Object.entries(auditLog).map(([name, meaning]) => [`${id} ${name}`, meaning]),
);

export const parameters: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...filters, ...ofAuditLog]),
  resellerId: 'The id of the reseller.',
  organizationId: 'The id of the organization.',
  userId: 'The id of the user.',
  sessionId: 'The id of the session, from the list of sessions.',
  consentId: 'The id of the consent, from the list of consents.',
  passkeyId: 'The id of the passkey, from the list of passkeys.',
  webhookId: 'The id of the webhook.',
  recoveryId: 'The id of the recovery, from the reply that started it.',
  logId: 'The id of the attempt, from the list of event logs.',
  page: `Which page, from 1; not together with \`after\`. Pages beyond the first ${LIST_EXAMINED_ROWS} rows return 400; use \`after\` instead.`,
  sort: 'What to sort by; with a minus, the other way round.',
  search: `Only those with this somewhere in the name or, where they have one, the e-mail address. Each page looks at ${LIST_EXAMINED_ROWS} rows, so that one may be short, or empty, and yet have a next one.`,
  'listWebhookEventLogs search': 'Only those with this somewhere in the `reason`.',
  'listEvents after': 'The id of the event to go on after: that of the `Link` header, or the last one that was read.',
  type: 'Only what is of exactly this type, such as `reseller.user.created`.',
  subject: 'Only what was done to exactly this: the id of what was changed.',
  actor:
    'Only what exactly this one did: `client:<id>` (an API client, also by its key), `user:<id>` (also through an application), `user:<id> via client:<id>` (through this application), `<issuer>#<sub>` (by a token of an outside issuer), `reseller:<id>` (another reseller, to somebody of its own), `system`, `system:webhooks` or `anonymous`.',
};
