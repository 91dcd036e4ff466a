import { sql } from 'drizzle-orm';
import { KNOWN_NETWORKS_MAX } from '../../model/limits/index.ts';
import { knownNetworks, sessions } from '../schema/index.ts';
import { arg, type Db as Database, statement } from '../sql/statement.ts';

const insertNetwork = statement(
  () => sql`insert into ${knownNetworks} (user_id, network, signed_in_at)
    select user_id, address, created_at from ${sessions} where id = ${arg('sessionId')}
    on conflict (user_id, network) do update set signed_in_at = max(signed_in_at, excluded.signed_in_at)`,
);
const deleteOldest = statement(
  () => sql`delete from ${knownNetworks} where user_id = ${arg('userId')} and network in
    (select network from ${knownNetworks} where user_id = ${arg('userId')} order by signed_in_at desc limit -1 offset ${KNOWN_NETWORKS_MAX})`,
);

/** Replaces the user's oldest network above the limit. */
export const recordKnownNetwork = (database: Database, userId: string, sessionId: string): D1PreparedStatement[] => [
  insertNetwork(database, { sessionId }),
  deleteOldest(database, { userId }),
];
