import * as v from 'valibot';
import { emailOf } from '../../../model/fields.ts';
import { DISPLAY_NAME_MAX_CHARS, MEMBER_EMAIL_MAX_CHARS, ROLES_MAX } from '../../../model/limits/index.ts';
import { ROLES } from '../../../model/users/role.ts';
import { Id, id, trimmed } from '../schemas.ts';

export const UserPath = v.object({ accountId: Id, userId: Id });

const displayName = trimmed(DISPLAY_NAME_MAX_CHARS);
const email = emailOf(MEMBER_EMAIL_MAX_CHARS);
const Roles = v.pipe(v.array(v.picklist(ROLES)), v.maxLength(ROLES_MAX));

export const NewUser = v.object({ email, displayName, roles: v.optional(Roles, []) });
export const UserChanges = v.partial(
  v.object({ displayName, email, roles: v.nullable(Roles, []), enabled: v.boolean() }),
);

export const User = v.object({
  id,
  displayName: v.string(),
  email: v.string(),
  roles: v.array(v.picklist(ROLES)),
  primaryTenant: id,
  enabled: v.exactOptional(v.pipe(v.literal(false), v.description('Only while the account has disabled the user.'))),
  membership: v.exactOptional(
    v.pipe(v.literal('pending'), v.description('Only while the user has not accepted the membership.')),
  ),
});
