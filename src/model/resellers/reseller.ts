import * as v from 'valibot';

export const Reseller = v.object({
  id: v.string(),
  name: v.string(),
  email: v.string(),
  description: v.string(),
  allowedUsers: v.number(),
  allowedOrganizations: v.number(),
  reference: v.optional(v.string(), ''),
  parentId: v.optional(v.nullable(v.string()), null),
  /** IANA name. */
  timezone: v.optional(v.nullable(v.string()), null),
  /** ISO 3166-1 alpha-2. */
  countryCode: v.optional(v.nullable(v.string()), null),
  /** While false, mails wait and users cannot sign in. */
  enabled: v.optional(v.boolean(), true),
  createdAt: v.number(),
  updatedAt: v.number(),
});

export type Reseller = v.InferOutput<typeof Reseller>;
