import { emailForEvent } from '../../model/emails/event-email.ts';
import { newSubscriber } from '../../model/emails/subscription-confirmation.ts';
import type { Event } from '../../model/events/event.ts';
import { CREDENTIAL_BYTES_FACTOR } from '../../model/limits/index.ts';
import { SUBSCRIBER_ROLE } from '../../model/users/role.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { writtenBytes } from '../sql/statement.ts';
import type { Charge } from './budgets.ts';

export type ChangeCost = {
  /** Null: the operator. */
  readonly resellerId: string | null;
  /** Without those of its event and audit entry. */
  readonly emails?: number;
  /** True: unlimited; `reserve`: limited above the budget. */
  readonly aboveBudget?: true | 'reserve';
};

export function payerOf({ actor }: CallerContext, { resellerId }: ChangeCost): string | null {
  return actor.reseller ?? resellerId;
}

/** Includes e-mails that the events cause. Notices are charged separately (`noticeMail`). */
export function chargeOf(
  { actor, budgets, newId }: CallerContext,
  { emails = 0, aboveBudget }: ChangeCost,
  caused: {
    readonly heard: readonly { readonly id: string; readonly resellerId: string | null; readonly event: Event }[];
    readonly statements: readonly D1PreparedStatement[];
  },
): Charge {
  const { heard: events, statements } = caused;
  const limited = actor.reseller !== null && aboveBudget === undefined;
  const bounded = actor.reseller !== null && aboveBudget !== true;
  const times = limited ? 1 : CREDENTIAL_BYTES_FACTOR;
  const invited = events.filter(({ event, ...at }) => emailForEvent({ ...event, ...at }, newId) !== null);
  const toConfirm = events.filter(({ event }) => newSubscriber(event)?.roles?.includes(SUBSCRIBER_ROLE));
  const asked = emails + invited.length + toConfirm.length;
  return {
    bytes: writtenBytes(statements),
    emails: asked,
    bytesLimit: bounded ? Math.floor(budgets.bytesPerDay * times) : null,
    emailsLimit: limited && asked > 0 ? budgets.emailsPerDay : null,
  };
}
