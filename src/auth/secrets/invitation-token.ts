import type { Env } from '../../env.ts';
import { INVITATION_TOKEN_MAX_CHARS } from '../../model/limits/index.ts';
import type { Invitation } from '../../model/users/invitation.ts';
import { openValues, sealValues } from './sealed-values.ts';

const PURPOSE = 'invitation';

export function newInvitationToken(env: Env, { userId, resellerId, invitedAt }: Invitation): Promise<string> {
  return sealValues(env, PURPOSE, [userId, resellerId, String(invitedAt)]);
}

export async function readInvitationToken(env: Env, token: string): Promise<Invitation | null> {
  if (token.length > INVITATION_TOKEN_MAX_CHARS) return null;
  const [userId, resellerId, invitedAt] = (await openValues(env, PURPOSE, token)) ?? [];
  if (userId === undefined || resellerId === undefined || invitedAt === undefined) return null;
  return { userId, resellerId, invitedAt: Number(invitedAt) };
}
