import type { Client } from '../world.ts';

/** How often something may have happened, as far as callers were told. */
export type Range = { least: number; most: number };
/** The columns of a row that are known; `null` where SQL has it. */
export type Row = Record<string, string | number | null>;

export type Reseller = { readonly row: Row; readonly client: Client };
export type User = { readonly row: Row; password: string | null };
export type Endpoint = { readonly row: Row; readonly events: readonly string[]; readonly tokens: string[] };
export type StatusUpdate = { readonly row: Row; readonly must: Set<string>; readonly may: Set<string> };
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
    /** Memberships that at some time got no status updates. */
    unsubscribed: new Set<string>(),
  };
}

export const membershipKey = (userId: string, resellerId: string) => `${userId} ${resellerId}`;
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

/** Roles as they are from now on; null: no member any more. Updates that are on their way may meet the old or the new ones. */
export function setRoles(model: Model, userId: string, resellerId: string, roles: readonly string[] | null): void {
  const key = membershipKey(userId, resellerId);
  const subscribed = roles?.includes(SUBSCRIBER) ?? false;
  if (!subscribed) model.unsubscribed.add(key);
  for (const { row, must, may } of model.statusUpdates.values()) {
    if (row['reseller_id'] !== resellerId) continue;
    if (subscribed) may.add(userId);
    else must.delete(userId);
  }
  if (roles === null) model.memberships.delete(key);
  else model.memberships.set(key, roles);
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

export function subscribersOf({ memberships }: Model, resellerId: string): string[] {
  const subscribed = [...memberships].filter(
    ([key, roles]) => key.endsWith(` ${resellerId}`) && roles.includes(SUBSCRIBER),
  );
  return subscribed.map(([key]) => key.split(' ')[0]!);
}
