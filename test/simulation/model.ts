import type { Client } from '../support/world.ts';
import type { Account } from './identity-provider.ts';

/** How often something may have happened, as far as callers were told. */
export type Range = { least: number; most: number };
/** The columns of a row that are known; `null` where SQL has it. */
export type Row = Record<string, string | number | null>;

export type Reseller = { readonly row: Row; readonly client: Client };
/** In the row, `proved` is whether a link that was sent to the address was followed. */
export type User = {
  readonly row: Row;
  password: string | null;
  /** Who set the password or the address, if not the person: the tenant, or whoever had another address before. */
  prepared: 'tenant' | 'moved' | null;
  /** Whether a link that is on its way, or was, may not work. */
  linksVoided: boolean;
  /** The addresses that it had before. */
  readonly former: string[];
  /** The subject of the account at the provider that is linked. */
  identity: string | null;
  /** Whether one was unlinked, and the user has allowed none since. */
  unlinked: boolean;
};
export type Endpoint = { readonly row: Row; readonly events: readonly string[]; readonly tokens: string[] };
export type StatusUpdate = {
  readonly row: Row;
  readonly must: Set<string>;
  readonly may: Set<string>;
  /** Who was no subscriber at some time since it was published. */
  readonly lost: Set<string>;
};
export type Session = {
  readonly userId: string;
  readonly resellerId: string;
  /** Of an application that acts for the user: its client, and what it was allowed. */
  readonly delegation?: { readonly client: Client; readonly scope: string };
  refreshToken: string;
  state: 'alive' | 'ended' | 'either';
};

export type Model = ReturnType<typeof emptyModel>;

/** What must be, all of it told by answers of the API. By ids, unless said otherwise. */
export function emptyModel() {
  return {
    resellers: new Map<string, Reseller>(),
    organizations: new Map<string, Row>(),
    users: new Map<string, User>(),
    /** By `membershipKey`: the roles. In the order in which the users accepted them. */
    memberships: new Map<string, readonly string[]>(),
    /** By `membershipKey`: since when it waits for the user. */
    pending: new Map<string, number>(),
    /** By `membershipKey`, of those that their reseller has ever disabled: whether they are. */
    disabled: new Map<string, boolean>(),
    /** By `membershipKey`: those who do not want to be invited again. */
    refused: new Set<string>(),
    /** Accounts at the provider, by their subjects. */
    accounts: new Map<string, Account>(),
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
    /** Links that were used, and those that a new password, a role or a membership made void. */
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

/** What is due to these addresses may be dropped. */
export function excuseMails(model: Model, addresses: readonly unknown[]): void {
  for (const [key, range] of model.mails) if (addresses.some((address) => key.endsWith(` ${address}`))) range.least = 0;
}

/** The resellers that a user is a member of or invited by; its own one is among them. */
export function resellersOf({ memberships }: Model, userId: string): string[] {
  return [...memberships.keys()].filter((key) => key.startsWith(`${userId} `)).map((key) => key.split(' ')[1]!);
}

export const isPending = ({ pending }: Model, userId: string, resellerId: string) =>
  pending.has(membershipKey(userId, resellerId));

export const isDisabled = ({ disabled }: Model, userId: string, resellerId: string) =>
  disabled.get(membershipKey(userId, resellerId)) === true;

/** Those where the user accepted the membership, its own one among them. */
export function acceptedBy(model: Model, userId: string): string[] {
  return resellersOf(model, userId).filter((resellerId) => !isPending(model, userId, resellerId));
}

/** A reseller stops with all beneath it: the rows stay but for its memberships, and what is on its way there may or may not arrive. */
export function forgetReseller(model: Model, resellerId: string): void {
  Object.assign(model.resellers.get(resellerId)!.row, { gone: 1, enabled: 0 });
  for (const key of [...model.memberships.keys(), ...model.pending.keys()])
    if (key.endsWith(` ${resellerId}`)) {
      model.memberships.delete(key);
      model.pending.delete(key);
      model.disabled.set(key, false);
    }
  for (const { row } of model.endpoints.values()) if (row['reseller_id'] === resellerId) row['enabled'] = 0;
  for (const [id, { row, former }] of model.users) {
    if (!model.events.has(eventKey(resellerId, 'reseller.user.created', id))) continue;
    excuseMails(model, [...former, row['email']]);
  }
  for (const { row, must } of model.statusUpdates.values()) if (row['reseller_id'] === resellerId) must.clear();
  for (const session of model.sessions.values()) if (session.resellerId === resellerId) session.state = 'either';
}
