import * as v from 'valibot';

/** A company that sells through the platform. Times are milliseconds since the epoch. */
export const Reseller = v.object({
  id: v.string(),
  name: v.string(),
  email: v.string(),
  description: v.string(),
  allowedUsers: v.number(),
  allowedOrganizations: v.number(),
  /** What the caller calls it. */
  reference: v.optional(v.string(), ''),
  /** The reseller above it; null: none. */
  parentId: v.optional(v.nullable(v.string()), null),
  /** IANA's name of it; null: nobody has said. */
  timezone: v.optional(v.nullable(v.string()), null),
  /** ISO 3166-1 alpha-2; null: nobody has said. */
  countryCode: v.optional(v.nullable(v.string()), null),
  /** While it is not, its mails wait and its users stay out. */
  enabled: v.optional(v.boolean(), true),
  createdAt: v.number(),
  updatedAt: v.number(),
});

export type Reseller = v.InferOutput<typeof Reseller>;
