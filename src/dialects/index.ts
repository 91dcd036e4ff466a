import type { Dialect } from '../http/routes/dialect.ts';
import { accounts } from './accounts/index.ts';
import { reseller } from './reseller/index.ts';
import { events } from './v3/events/event-shapes.ts';
import { v3 } from './v3/index.ts';
import { toOwnData } from './v3/users/me-export.ts';

export const dialects: readonly Dialect[] = [v3, accounts, reseller];

export const webhookPath = (id: string) => `${v3.base}/webhooks/${id}`;

/** Webhooks are managed through v3, so their bodies are v3's. */
export const eventBody = events.body;

/** Only v3 starts a sign-in with the identity provider. */
export const providerFailure = v3.toWire;

export const ownData = toOwnData;
