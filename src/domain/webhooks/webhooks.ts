import { commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { admitCaller } from '../../db/sql/query.ts';
import {
  findWebhook,
  insertWebhook,
  removeWebhook,
  rotateToken,
  type StoredWebhook,
  updateWebhook,
} from '../../db/webhooks/webhooks.ts';
import { refuse } from '../../model/failure.ts';
import type { Webhook } from '../../model/webhooks/webhook.ts';
import { applyChanges, isUnchanged, retryChanged, timestamps } from '../update.ts';
import { checkAddress } from './webhook-address.ts';

export { findWebhook as getWebhook, listWebhooks, type StoredWebhook } from '../../db/webhooks/webhooks.ts';

type WebhookDetails = Pick<Webhook, 'name' | 'url' | 'enabled' | 'events'>;
export type NewWebhook = WebhookDetails & { readonly token: string };
export type WebhookChanges = { readonly [K in keyof NewWebhook]?: NewWebhook[K] | undefined };

/** The token is returned once and stored sealed. */
export async function createWebhook(caller: CallerContext, input: NewWebhook): Promise<Webhook & { token: string }> {
  const { token, ...details } = input;
  checkAddress(input.url, caller.addressRules);
  const webhook: Webhook = {
    id: caller.newId(),
    resellerId: caller.actor.reseller,
    ...details,
    status: 'healthy',
    ...timestamps(caller),
  };
  await commit(caller, {
    write: insertWebhook(caller, webhook, await caller.seal(token)),
    event: { type: 'webhook.created', before: null, after: webhook },
    resellerId: webhook.resellerId,
    subject: webhook.id,
    result: { ...webhook, token },
    refused: async () => {
      await admitCaller(caller);
      refuse({ kind: 'limit_reached', what: 'webhooks' });
    },
  });
  return { ...webhook, token };
}

/** Enabling resets the failures and sends the backlog. */
export function updateWebhookDetails(
  caller: CallerContext,
  id: string,
  changes: WebhookChanges,
): Promise<StoredWebhook> {
  const { token, ...details } = changes;
  if (changes.url !== undefined) checkAddress(changes.url, caller.addressRules);
  return retryChanged(async () => {
    const before = await findWebhook(caller, id);
    const switchedOn = changes.enabled === true && !before.enabled;
    const after = applyChanges(caller, before, { ...details, ...(switchedOn && { status: 'healthy' as const }) });
    if (token === undefined && isUnchanged(before, after)) return before;
    await commit(caller, {
      write: updateWebhook(caller, after, before.updatedAt, token === undefined ? null : await caller.seal(token)),
      event: { type: 'webhook.updated', before: snapshot(before), after: snapshot(after) },
      ...(token !== undefined && {
        audit: { event: { type: 'webhook.token-changed', details: { oldTokenUntil: null } } },
      }),
      resellerId: after.resellerId,
      subject: id,
      result: after,
      refused: () => findWebhook(caller, id),
    });
    if (switchedOn) caller.tasks.push({ endpointId: id });
    return after;
  });
}

/** Generates a token if none is given; the old one keeps signing for a while. */
export function rotateWebhookToken(
  caller: CallerContext,
  id: string,
  chosenToken?: string,
): Promise<Webhook & { token: string }> {
  const token = chosenToken ?? caller.newToken();
  const oldTokenUntil = caller.now + caller.tokenOverlapMs;
  return retryChanged(async () => {
    const before = await findWebhook(caller, id);
    const after = applyChanges(caller, before, {});
    const sealedToken = await caller.seal(token);
    await commit(caller, {
      write: rotateToken(caller, after, { readAt: before.updatedAt, sealedToken, oldTokenUntil }),
      aboveBudget: 'reserve',
      event: { type: 'webhook.updated', before: snapshot(before), after: snapshot(after) },
      audit: { event: { type: 'webhook.token-changed', details: { oldTokenUntil } } },
      resellerId: after.resellerId,
      subject: id,
      result: { ...after, token },
      refused: () => findWebhook(caller, id),
    });
    return { ...after, token };
  });
}

/** Drops pending deliveries. */
export function deleteWebhook(caller: CallerContext, id: string): Promise<void> {
  return retryChanged(async () => {
    const before = await findWebhook(caller, id);
    await commit(caller, {
      write: removeWebhook(caller, before),
      aboveBudget: true,
      event: { type: 'webhook.deleted', before: snapshot(before), after: null },
      resellerId: before.resellerId,
      subject: id,
      result: null,
      refused: () => findWebhook(caller, id),
    });
  });
}

function snapshot({ missedSince: _, ...webhook }: StoredWebhook): Webhook {
  return webhook;
}
