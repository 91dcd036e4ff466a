import type { Dialect } from '../http/routes/dialect.ts';
import { accounts } from './accounts/index.ts';
import { reseller } from './reseller/index.ts';
import { events } from './v3/events/event-shapes.ts';
import { v3 } from './v3/index.ts';
import { toOwnData } from './v3/users/me-export.ts';

/** Every wire shape that is spoken. */
export const dialects: readonly Dialect[] = [v3, accounts, reseller];

/** Where the API has a webhook, below the deployment's address. */
export const webhookPath = (id: string) => `${v3.base}/webhooks/${id}`;

/** The body of a webhook: webhooks are managed through v3, and so they speak v3. */
export const eventBody = events.body;

/** A refused sign-in at the outside provider that began in the API: only v3 has one. */
export const providerFailure = v3.toWire;

/** The file of the account page. */
export const ownData = toOwnData;
