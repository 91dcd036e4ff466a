import type { Attempt } from '../../db/sign-in/attempts.ts';
import { countKnown } from '../../db/sign-in/sign-in.ts';
import type { AuthenticationMethod } from '../../model/sessions/session.ts';
import { refuseTooOften } from '../usage/rate-limited.ts';
import type { AnonymousContext } from './anonymous-context.ts';

type Counted = Pick<AnonymousContext, 'db' | 'devices' | 'origin' | 'now' | 'newId'>;

/** An attempt by the last of these methods, where the others were shown before. */
export async function attemptBy(
  { devices, origin, now, newId }: Counted,
  emailKey: string,
  methods: readonly AuthenticationMethod[],
): Promise<Attempt> {
  const method = methods.join('+');
  return { id: newId(), emailKey, method, network: origin.address, devices: await devices(), now };
}

/** Counts such an attempt, instead of the one that led to it, and gives its id. Refuses `rate_limited`. */
export async function beginAttempt(
  anonymous: Counted,
  emailKey: string,
  methods: readonly AuthenticationMethod[],
  former: string | null = null,
): Promise<string> {
  const attempt = await attemptBy(anonymous, emailKey, methods);
  refuseTooOften(await countKnown(anonymous.db, attempt, former));
  return attempt.id;
}
