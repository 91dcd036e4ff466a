import * as v from 'valibot';

/** A customer of a reseller. Times are milliseconds since the epoch. */
export const Organization = v.object({
  id: v.string(),
  resellerId: v.string(),
  name: v.string(),
  email: v.string(),
  description: v.string(),
  allowedUsers: v.number(),
  addressLine1: v.string(),
  addressLine2: v.string(),
  city: v.string(),
  state: v.string(),
  country: v.string(),
  postalCode: v.string(),
  createdAt: v.number(),
  updatedAt: v.number(),
});

export type Organization = v.InferOutput<typeof Organization>;
