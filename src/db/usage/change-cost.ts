import { emailForEvent } from '../../model/emails/event-email.ts';
import { newSubscriber } from '../../model/emails/subscription-confirmation.ts';
import type { Event } from '../../model/events/event.ts';
import { CREDENTIAL_BYTES_FACTOR } from '../../model/limits/index.ts';
import { SUBSCRIBER_ROLE } from '../../model/users/role.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { writtenBytes } from '../sql/statement.ts';
import type { Charge } from './budgets.ts';

/** What a change says of its cost. */
export type ChangeCost = {
  /** The tenant that it belongs to; null: the operator. */
  readonly resellerId: string | null;
  /** E-mails that it writes itself, beside those that its event and its audit entry cause. */
  readonly emails?: number;
  /** It frees space or protects a person: beyond its budget too; `reserve`: it writes each time, and has some room above it. */
  readonly aboveBudget?: true | 'reserve';
};

/** The tenant that a change is charged to: the caller's or, where the operator changes something, the one that it belongs to. */
export function payerOf({ actor }: CallerContext, { resellerId }: ChangeCost): string | null {
  return actor.reseller ?? resellerId;
}

/**
 * What a change costs, with the e-mails that its events cause later. The operator is under no tenant's limits. An e-mail that
 * only tells a user of a change is charged where it is written (`noticeBehind`), and never refused.
 */
export function chargeOf(
  { actor, budgets, newId }: CallerContext,
  { emails = 0, aboveBudget }: ChangeCost,
  caused: {
    readonly heard: readonly { readonly id: string; readonly resellerId: string | null; readonly event: Event }[];
    readonly statements: readonly D1PreparedStatement[];
  },
): Charge {
  const { heard, statements } = caused;
  const limited = actor.reseller !== null && aboveBudget === undefined;
  const bounded = actor.reseller !== null && aboveBudget !== true;
  const times = limited ? 1 : CREDENTIAL_BYTES_FACTOR;
  const invited = heard.filter(({ event, ...at }) => emailForEvent({ ...event, ...at }, newId) !== null);
  const toConfirm = heard.filter(({ event }) => newSubscriber(event)?.roles?.includes(SUBSCRIBER_ROLE));
  const asked = emails + invited.length + toConfirm.length;
  return {
    bytes: writtenBytes(statements),
    emails: asked,
    bytesLimit: bounded ? Math.floor(budgets.bytesPerDay * times) : null,
    emailsLimit: limited && asked > 0 ? budgets.emailsPerDay : null,
  };
}
