import type { Client } from '../world.ts';

/** How often something may have happened, as far as callers were told. */
export type Range = { least: number; most: number };
/** The columns of a row that are known; `null` where SQL has it. */
export type Row = Record<string, string | number | null>;

export type Reseller = { readonly row: Row; readonly client: Client };
/** In the row, `proved` is whether a link that was sent to the address was followed. */
export type User = { readonly row: Row; password: string | null };
export type Endpoint = { readonly row: Row; readonly events: readonly string[]; readonly tokens: string[] };
export type StatusUpdate = {
  readonly row: Row;
  readonly must: Set<string>;
  readonly may: Set<string>;
  /** Who was no subscriber at some time since it was published. */
  readonly lost: Set<string>;
};
export type Session = { readonly userId: string; refreshToken: string; state: 'alive' | 'ended' | 'either' };

export type Model = ReturnType<typeof emptyModel>;

/** What must be, all of it told by answers of the API. By ids, unless said otherwise. */
export function emptyModel() {
  return {
    resellers: new Map<string, Reseller>(),
    organizations: new Map<string, Row>(),
    users: new Map<string, User>(),
    /** By `membershipKey`: the roles. */
    memberships: new Map<string, readonly string[]>(),
    clients: new Map<string, Row>(),
    brandings: new Map<string, Row>(),
    endpoints: new Map<string, Endpoint>(),
    storageAccounts: new Map<string, Row>(),
    /** By `objectKey`: the text. */
    objects: new Map<string, string>(),
    statusUpdates: new Map<string, StatusUpdate>(),
    sessions: new Map<string, Session>(),
    /** Sessions that may have begun beside those, by user. */
    doubtfulSessions: new Map<string, number>(),
    /** By `eventKey`. */
    events: new Map<string, Range>(),
    /** By template and recipient, separated by a space. */
    mails: new Map<string, Range>(),
    /** Links that were used, and those that a new password made void. */
    usedLinks: new Set<string>(),
    /** Storage accounts in which uploads that went unanswered may hold room. */
    lostUploads: new Set<string>(),
    /** By `choiceKey`: what was said by the links of mails. */
    choices: new Map<string, 'confirmed' | 'suppressed'>(),
  };
}

export const membershipKey = (userId: string, resellerId: string) => `${userId} ${resellerId}`;
export const choiceKey = (resellerId: string, email: unknown) => `${resellerId} ${email}`;
export const objectKey = (accountId: string, key: string) => `${accountId} ${key}`;
export const eventKey = (resellerId: string | null, type: string, subject: string) =>
  `${resellerId ?? 'operator'} ${type} ${subject}`;

const ONCE: Range = { least: 1, most: 1 };

function add(ranges: Map<string, Range>, key: string, { least, most }: Range): void {
  const known = ranges.get(key) ?? { least: 0, most: 0 };
  ranges.set(key, { least: known.least + least, most: known.most + most });
}

/** An event is due in a reseller, so many times. */
export function hear(model: Model, resellerId: string | null, type: string, subject: string, times = ONCE): void {
  add(model.events, eventKey(resellerId, type, subject), times);
}

/** A mail is due, so many times. */
export function expectMail(model: Model, template: string, recipient: unknown, times = ONCE): void {
  add(model.mails, `${template} ${recipient}`, times);
}

/** The resellers that a user is a member of; its own one is among them. */
export function resellersOf({ memberships }: Model, userId: string): string[] {
  return [...memberships.keys()].filter((key) => key.startsWith(`${userId} `)).map((key) => key.split(' ')[1]!);
}

/** Each reseller that a user is a member of hears of it. */
export function hearEverywhere(model: Model, type: string, userId: string, times = ONCE): void {
  for (const resellerId of resellersOf(model, userId)) hear(model, resellerId, type, userId, times);
}

/** The user is gone from everywhere. */
export function forgetUser(model: Model, userId: string): void {
  hearEverywhere(model, 'reseller.user.deleted', userId);
  for (const resellerId of resellersOf(model, userId)) setRoles(model, userId, resellerId, null);
  for (const [id, session] of model.sessions) if (session.userId === userId) model.sessions.delete(id);
  model.users.delete(userId);
}

const SUBSCRIBER = 'account.service.status';

/** Roles as they are from now on; null: no member any more. */
export function setRoles(model: Model, userId: string, resellerId: string, roles: readonly string[] | null): void {
  const key = membershipKey(userId, resellerId);
  if (roles === null) model.memberships.delete(key);
  else model.memberships.set(key, roles);
  reviewSubscription(model, userId, resellerId);
}

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
function reviewSubscription(model: Model, userId: string, resellerId: string): void {
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

/** Whether the role is held: at home, or in a membership elsewhere that is pending. */
const holdsRole = ({ memberships }: Model, userId: string, resellerId: string) =>
  memberships.get(membershipKey(userId, resellerId))?.includes(SUBSCRIBER) ?? false;

function isSubscriber(model: Model, userId: string, resellerId: string): boolean {
  const row = model.users.get(userId)?.row;
  const accepted = row?.['reseller_id'] === resellerId;
  const choice = model.choices.get(choiceKey(resellerId, row?.['email']));
  const agreed = choice === 'confirmed' || (choice === undefined && row?.['proved'] === 1);
  return holdsRole(model, userId, resellerId) && accepted && agreed;
}

/** Whether the person has to be asked before updates go to the address. */
export function needsConfirmation(model: Model, userId: string, resellerId: string): boolean {
  const row = model.users.get(userId)?.row;
  const said = model.choices.has(choiceKey(resellerId, row?.['email']));
  return holdsRole(model, userId, resellerId) && row?.['proved'] === 0 && !said;
}

/** A reseller stops with all beneath it: the rows stay, and what is on its way there may or may not arrive. */
export function forgetReseller(model: Model, resellerId: string): void {
  Object.assign(model.resellers.get(resellerId)!.row, { gone: 1, enabled: 0 });
  for (const { row } of model.endpoints.values()) if (row['reseller_id'] === resellerId) row['enabled'] = 0;
  for (const { row } of model.users.values()) {
    if (row['reseller_id'] !== resellerId) continue;
    for (const [key, range] of model.mails) if (key.endsWith(` ${row['email']}`)) range.least = 0;
  }
  for (const { row, must } of model.statusUpdates.values()) if (row['reseller_id'] === resellerId) must.clear();
  for (const session of model.sessions.values())
    if (model.users.get(session.userId)?.row['reseller_id'] === resellerId) session.state = 'either';
}

export function subscribersOf(model: Model, resellerId: string): string[] {
  return [...model.users.keys()].filter((userId) => isSubscriber(model, userId, resellerId));
}
