import { FLOW_LIFE_MS } from '../../../src/model/limits/index.ts';
import { rows } from '../world.ts';

/** Ways through the pages that a network has begun so long ago. */
export const begunFlows = (network: string, count: number, agoMs = 0) =>
  rows(
    `with recursive n as (select 1 as nth union all select nth + 1 from n where nth < ?2)
      insert into sign_in_flows (id, browser_hash, goal, network, created_at, expires_at)
      select lower(hex(randomblob(16))), 'b', '{}', ?1, ?3, ?3 + ?4 from n`,
    network,
    count,
    Date.now() - agoMs,
    FLOW_LIFE_MS,
  );
