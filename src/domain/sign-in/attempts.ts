import type { SignInAttempt } from '../../db/sign-in/attempts.ts';
import { replaceAttempt } from '../../db/sign-in/sign-in.ts';
import type { AuthenticationMethod } from '../../model/sessions/session.ts';
import { refuseIfBlocked } from '../usage/rate-limited.ts';
import type { AnonymousContext } from './anonymous-context.ts';

type AttemptContext = Pick<AnonymousContext, 'db' | 'devices' | 'origin' | 'now' | 'newId'>;

/** `methods`: all that were used, the counted one last. */
export async function newAttempt(
  { devices, origin, now, newId }: AttemptContext,
  emailKey: string,
  methods: readonly AuthenticationMethod[],
): Promise<SignInAttempt> {
  const method = methods.join('+');
  return { id: newId(), emailKey, method, network: origin.address, devices: await devices(), now };
}

/** Replaces the previous attempt. */
export async function beginAttempt(
  anonymous: AttemptContext,
  emailKey: string,
  methods: readonly AuthenticationMethod[],
  previousAttemptId: string | null = null,
): Promise<string> {
  const attempt = await newAttempt(anonymous, emailKey, methods);
  refuseIfBlocked(await replaceAttempt(anonymous.db, attempt, previousAttemptId));
  return attempt.id;
}
