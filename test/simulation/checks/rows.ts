import { addressHash } from '../../../src/auth/secrets/address-hash.ts';
import { rows } from '../../support/world.ts';
import type { Model, Row, User } from '../model.ts';
import { differences, none } from './compare.ts';

const rowsOf = <T extends { readonly row: Row }>(map: ReadonlyMap<string, T>) =>
  new Map([...map].map(([key, { row }]) => [key, row]));

/** Every row that callers know of is there as they know it, and no other is. */
export async function checkRows(model: Model): Promise<string[]> {
  const memberships = new Map(
    [...model.memberships].map(([key, roles]) => [
      key,
      {
        roles: JSON.stringify(roles),
        accepted: Number(!model.pending.has(key)),
        disabled: Number(model.disabled.get(key) ?? false),
      },
    ]),
  );
  const read = (sql: string) => rows<Row>(sql);
  return [
    ...differences(
      'resellers',
      rowsOf(model.resellers),
      await read('select *, deleted_at is not null as gone from resellers'),
    ),
    ...differences(
      'organizations',
      model.organizations,
      await read('select * from organizations where deleted_at is null'),
    ),
    ...differences(
      'users',
      new Map([...model.users].map(([id, user]) => [id, columnsOf(user)])),
      await read(
        'select *, verified_at is not null as verified, email_verified_at is not null as proved, password_hash is not null as hashed, google_unlinked_at is not null as unlinked from users',
      ),
    ),
    ...differences(
      'external_identities',
      new Map(
        [...model.users].flatMap(([id, { identity }]) => (identity === null ? [] : [[identity, { user_id: id }]])),
      ),
      await read('select * from external_identities'),
      ({ subject }) => String(subject),
    ),
    ...differences(
      'memberships',
      memberships,
      await read('select *, accepted_at is not null as accepted, disabled_at is not null as disabled from memberships'),
      ({ user_id, reseller_id }) => `${user_id} ${reseller_id}`,
    ),
    ...differences(
      'api_clients',
      model.clients,
      await read("select *, revoked_at is not null as revoked from api_clients where name <> 'test'"),
    ),
    ...differences('brandings', model.brandings, await read('select * from brandings'), ({ reseller_id }) =>
      String(reseller_id),
    ),
    ...differences(
      'webhook_endpoints',
      rowsOf(model.endpoints),
      await read('select * from webhook_endpoints where deleted_at is null'),
    ),
    ...differences('storage_accounts', model.storageAccounts, await read('select * from storage_accounts')),
    ...differences('status_updates', rowsOf(model.statusUpdates), await read('select * from status_updates')),
    ...differences(
      'subscription_choices',
      await choicesOf(model),
      await read('select * from subscription_choices'),
      ({ reseller_id, address_hash }) => `${reseller_id} ${address_hash}`,
    ),
    ...(await checkSessions(model)),
  ];
}

function columnsOf({ row, password, identity, unlinked }: User): Row {
  const flags = { hashed: password !== null, google_sso_enabled: identity !== null, unlinked };
  return { ...row, ...Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, Number(flag)])) };
}

/** As the rows name the addresses. */
async function choicesOf({ choices }: Model): Promise<Map<string, Row>> {
  const named = [...choices].map(async ([key, choice]) => {
    const [resellerId = '', email = ''] = key.split(' ');
    return [`${resellerId} ${await addressHash(resellerId, email)}`, { choice }] as const;
  });
  return new Map(await Promise.all(named));
}

async function checkSessions(model: Model): Promise<string[]> {
  const found = await rows<{ id: string; user_id: string; ended_at: number | null }>(
    'select id, user_id, ended_at from sessions',
  );
  const known = new Map(found.map((row) => [row.id, row]));
  const wrong = [...model.sessions].flatMap(([id, { state }]) => {
    const row = known.get(id);
    const isAlive = row !== undefined && row.ended_at === null;
    return state === 'either' || isAlive === (state === 'alive')
      ? []
      : [`session ${id} must be ${state}: ${JSON.stringify(row)}`];
  });
  const strange = Map.groupBy(
    found.filter(({ id }) => !model.sessions.has(id)),
    ({ user_id }) => user_id,
  );
  const beyond = [...strange].filter(([userId, own]) => own.length > (model.doubtfulSessions.get(userId) ?? 0));
  return [...wrong, ...beyond.map(([userId, own]) => `nobody began these sessions of ${userId}: ${own.length}`)];
}

/** Counters are what they count, references lead somewhere, and nobody holds anything. */
export async function checkOrder(nowMs: number): Promise<string[]> {
  return [
    ...(await none(
      'users of a reseller are miscounted',
      'select id, user_count from resellers where user_count <> (select count(*) from users where reseller_id = resellers.id)',
    )),
    ...(await none(
      'organizations of a reseller are miscounted',
      `select id, organization_count from resellers where organization_count <>
        (select count(*) from organizations where reseller_id = resellers.id and deleted_at is null)`,
    )),
    ...(await none(
      'users of an organization are miscounted',
      'select id, user_count from organizations where user_count <> (select count(*) from users where organization_id = organizations.id)',
    )),
    ...(await none(
      'a user is disabled otherwise than its membership at home',
      `select user.id, user.disabled from users as user join memberships as home
        on home.user_id = user.id and home.reseller_id = user.reseller_id where user.disabled <> (home.disabled_at is not null)`,
    )),
    ...(await none(
      'disabled users are miscounted',
      `select id, disabled_count from resellers
        where disabled_count <> (select count(*) from users where disabled and reseller_id = resellers.id)
      union all select id, disabled_count from organizations
        where disabled_count <> (select count(*) from users where disabled and organization_id = organizations.id)`,
    )),
    ...(await none(
      'a disabled member is signed in',
      `select session.id from sessions as session join memberships as held on held.user_id = session.user_id
        and held.reseller_id = session.reseller_id where held.disabled_at is not null and session.ended_at is null`,
    )),
    ...(await none(
      'objects are miscounted',
      `select id, used_bytes, reserved_bytes, object_count from storage_accounts where reserved_bytes <> 0
        or used_bytes <> (select total(size) from storage_objects where storage_account_id = storage_accounts.id)
        or object_count <> (select count(*) from storage_objects where storage_account_id = storage_accounts.id)`,
    )),
    ...(await none(
      'mails of a status update are miscounted',
      `select * from status_update_progress as progress where expanding_at is not null
        or pending <> (select count(*) from emails where status_update_id = progress.status_update_id and state = 'pending')
        or sent <> (select count(*) from emails where status_update_id = progress.status_update_id and state = 'sent')
        or failed <> (select count(*) from emails where status_update_id = progress.status_update_id and state = 'failed')
        or dropped <> (select count(*) from emails where status_update_id = progress.status_update_id and state = 'dropped')`,
    )),
    ...(await none(
      'the last event of a user says otherwise',
      `select user.id, user.email, event.after from users as user join events as event on event.seq =
          (select max(seq) from events where subject = user.id and reseller_id = user.reseller_id and audit_only = 0)
        where event.after ->> 'email' is not user.email or event.after ->> 'lastName' is not user.last_name
          or event.after ->> 'googleSsoEnabled' is not user.google_sso_enabled
          or event.after ->> 'company' is not user.company or event.after ->> 'disabled' is not user.disabled
          or event.after ->> 'jobTitle' is not user.job_title`,
    )),
    // As of a mail that was on its way when its reseller was switched off.
    ...(await none('held', 'select * from emails where lease is not null and next_attempt_at is not null')),
    ...(await none(
      'held',
      `select * from webhook_deliveries where lease is not null
        and endpoint_id in (select id from webhook_endpoints where enabled and deleted_at is null)`,
    )),
    ...(await none('held', 'select * from webhook_endpoints where leased_until > ?', nowMs)),
    ...(await none('held', 'select * from jobs where leased_until > ?', nowMs)),
    ...(await none('leads nowhere', 'pragma foreign_key_check')),
    ...(await none('dead letter', 'select * from dead_letters')),
  ];
}
