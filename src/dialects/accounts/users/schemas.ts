import * as v from 'valibot';
import { emailOf, text } from '../../../model/fields.ts';
import { DISPLAY_NAME_MAX_CHARS, MEMBER_EMAIL_MAX_CHARS, ROLES_MAX } from '../../../model/limits/index.ts';
import { ROLES } from '../../../model/users/role.ts';

/** What the accounts dialect takes and gives on the wire (contracts: accounts). Requests first, replies below. */
export const Id = v.pipe(
  v.string(),
  v.uuid(({ input }) => `The value '${input}' is not valid.`),
  v.toLowerCase(),
);
export const AccountPath = v.object({ accountId: Id });
export const UserPath = v.object({ accountId: Id, userId: Id });

/** A name without blanks around it. */
export const trimmed = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max), v.trim(), text(1, max));

const displayName = trimmed(DISPLAY_NAME_MAX_CHARS);
const email = emailOf(MEMBER_EMAIL_MAX_CHARS);
const Roles = v.pipe(v.array(v.picklist(ROLES)), v.maxLength(ROLES_MAX));

export const NewUser = v.object({ email, displayName, roles: v.optional(Roles, []) });
/** The fields of a user that a patch may touch. */
export const UserChanges = v.partial(
  v.object({ displayName, email, roles: v.nullable(Roles, []), enabled: v.boolean() }),
);

export const id = v.pipe(v.string(), v.uuid());

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

export const ErrorBody = v.object({
  error: v.number(),
  message: v.string(),
  errorCode: v.optional(v.string()),
  status: v.literal('error'),
  timestamp: v.string(),
});
