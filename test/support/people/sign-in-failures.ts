import { runJob } from '../../../src/jobs/run.ts';
import { signInFailures } from '../../../src/jobs/sign-in-failures.ts';
import { SIGN_IN_FAILURES_GRACE_MS, SIGN_IN_FAILURES_HOUR_MS } from '../../../src/model/limits/index.ts';
import { stoppedWorld } from '../stopped-world.ts';
import { rows } from '../world.ts';

/** A failed sign-in as it is counted until the hour is over. */
export type CountedFailure = {
  readonly reseller_id: string;
  readonly user_id: string;
  readonly reason: string;
  readonly method: string;
  readonly network: string;
  readonly count: number;
};

/** The failures counted so far of a user (empty: of unknown users) or from a network, by their reason. */
export const countedFailures = (of: { readonly userId: string } | { readonly address: string }) =>
  rows<CountedFailure>(
    `select reseller_id, user_id, reason, method, network, sum(count) as count from sign_in_failures
      where ${'userId' in of ? 'user_id' : 'network'} = ? group by 1, 2, 3, 4, 5 order by reason, network`,
    'userId' in of ? of.userId : of.address,
  );

/** When the failures of the hour of this time enter the audit log. */
export const whenSettled = (ms: number) =>
  (Math.floor(ms / SIGN_IN_FAILURES_HOUR_MS) + 1) * SIGN_IN_FAILURES_HOUR_MS + SIGN_IN_FAILURES_GRACE_MS + 1;

/** Lets the hour pass, so that the failures of before are in the audit log. */
export async function settleFailures(): Promise<void> {
  if (!(await runJob(stoppedWorld(whenSettled(Date.now())).worker, signInFailures))) throw new Error('it failed');
}
