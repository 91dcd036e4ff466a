import * as v from 'valibot';

const resellerDialectFields = {
  companyName: v.optional(v.string(), ''),
  industry: v.optional(v.string(), ''),
  sector: v.optional(v.string(), ''),
  numberOfEmployees: v.optional(v.nullable(v.number()), null),
  secrecyApplies: v.optional(v.boolean(), false),
  sensitiveAttributes: v.optional(v.string(), ''),
  /** Deprecated, without effect. */
  technicalInterface: v.optional(v.boolean(), false),
};

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
  ...resellerDialectFields,
  createdAt: v.number(),
  updatedAt: v.number(),
});

export type Organization = v.InferOutput<typeof Organization>;
