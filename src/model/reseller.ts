import * as v from 'valibot';

/** A company that sells through the platform. Times are milliseconds since the epoch. */
export const Reseller = v.object({
  id: v.string(),
  name: v.string(),
  email: v.string(),
  description: v.string(),
  allowedUsers: v.number(),
  allowedOrganizations: v.number(),
  createdAt: v.number(),
  updatedAt: v.number(),
});

export type Reseller = v.InferOutput<typeof Reseller>;
