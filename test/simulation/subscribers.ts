import { choiceKey, isDisabled, isPending, type Model, membershipKey, resellersOf } from './model.ts';

const SUBSCRIBER = 'account.service.status';

/** What a person said, and what it changes for the user who has the address now. */
export function setChoice(
  model: Model,
  { resellerId, email }: { readonly resellerId: string; readonly email: string },
  choice: 'confirmed' | 'suppressed',
): void {
  model.choices.set(choiceKey(resellerId, email), choice);
  for (const [userId, { row }] of model.users)
    if (row['email'] === email) reviewSubscription(model, userId, resellerId);
}

/** After a change of the user's address, or of what it proved. */
export function reviewSubscriptions(model: Model, userId: string): void {
  for (const resellerId of resellersOf(model, userId)) reviewSubscription(model, userId, resellerId);
}

/** Updates that are on their way may meet the old state or the new one. */
export function reviewSubscription(model: Model, userId: string, resellerId: string): void {
  const subscribed = isSubscriber(model, userId, resellerId);
  for (const { row, must, may, lost } of model.statusUpdates.values()) {
    if (row['reseller_id'] !== resellerId) continue;
    if (subscribed) may.add(userId);
    else {
      must.delete(userId);
      lost.add(userId);
    }
  }
}

/** Whether the role is held, in a membership that may be pending. */
const holdsRole = ({ memberships }: Model, userId: string, resellerId: string) =>
  memberships.get(membershipKey(userId, resellerId))?.includes(SUBSCRIBER) ?? false;

function isSubscriber(model: Model, userId: string, resellerId: string): boolean {
  const row = model.users.get(userId)?.row;
  const choice = model.choices.get(choiceKey(resellerId, row?.['email']));
  const agreed = choice === 'confirmed' || (choice === undefined && row?.['proved'] === 1);
  const active = !isPending(model, userId, resellerId) && !isDisabled(model, userId, resellerId);
  return holdsRole(model, userId, resellerId) && active && agreed;
}

/** Whether the person has to be asked before updates go to the address. */
export function needsConfirmation(model: Model, userId: string, resellerId: string): boolean {
  const row = model.users.get(userId)?.row;
  const said = model.choices.has(choiceKey(resellerId, row?.['email']));
  const asked = holdsRole(model, userId, resellerId) && !isDisabled(model, userId, resellerId);
  return asked && row?.['proved'] === 0 && !said;
}

export function subscribersOf(model: Model, resellerId: string): string[] {
  return [...model.users.keys()].filter((userId) => isSubscriber(model, userId, resellerId));
}
