import type * as v from 'valibot';
import type { MemberDetails } from '../../domain/members.ts';
import type { Member } from '../../model/member.ts';
import { fullName } from '../../model/user.ts';
import type * as wire from './schemas.ts';

export function toUser(member: Member): v.InferInput<typeof wire.User> {
  const { id, email, roles, resellerId } = member;
  return { id, displayName: fullName(member), email, roles: [...roles], primaryTenant: resellerId };
}

export function fromUser({ displayName, email, roles }: v.InferOutput<typeof wire.PatchedUser>): MemberDetails {
  return { name: displayName, email, roles };
}
