import { makeCustomer } from '../support/people/invited.ts';
import { rows, unique } from '../support/world.ts';

/** A customer with so many users, each with a session and a link beside it. */
export async function makeLargeCustomer(count: number) {
  const customer = await makeCustomer();
  const { id, customerId } = customer;
  const word = unique('u');
  await rows(
    `insert into users (id, reseller_id, organization_id, first_name, last_name, name_key, email, email_key, role, company,
       allow_customer_portal_access, created_at, updated_at)
     with recursive counted (n) as (select 1 union all select n + 1 from counted where n < ?)
     select ? || n, ?, ?, 'U', '', 'u', ? || n || '@example.com', ? || n || '@example.com', 'user', '', 1, n, n from counted`,
    count,
    word,
    id,
    customerId,
    word,
    word,
  );
  await rows(
    'insert into sessions (id, user_id, created_at, expires_at) select id, id, 1, 2 from users where organization_id = ?',
    customerId,
  );
  await rows(
    `insert into activations (user_id, purpose, email_key, token_hash, created_at, expires_at)
     select id, 'activation', email_key, id, 1, 2 from users where organization_id = ?`,
    customerId,
  );
  const left = async () =>
    (await rows('select count(*) as users from users where organization_id = ?', customerId))[0].users;
  const owned = (table: string) => rows(`select 1 from ${table} where user_id like ?`, `${word}%`);
  const deletions = () =>
    rows(
      `select count(*) as events, count(distinct subject) as users, count(distinct actor) as actors from events
       where type = 'reseller.user.deleted' and subject like ?`,
      `${word}%`,
    );
  return { ...customer, word, left, owned, deletions };
}
