import * as v from 'valibot';
import { UNLIMITED } from '../limits/index.ts';

/** What a customer is unless the caller says otherwise. */
const optional = {
  email: v.optional(v.string(), ''),
  description: v.optional(v.string(), ''),
  allowedUsers: v.optional(v.number(), UNLIMITED),
  addressLine1: v.optional(v.string(), ''),
  addressLine2: v.optional(v.string(), ''),
  city: v.optional(v.string(), ''),
  state: v.optional(v.string(), ''),
  country: v.optional(v.string(), ''),
  postalCode: v.optional(v.string(), ''),
  companyName: v.optional(v.string(), ''),
  industry: v.optional(v.string(), ''),
  sector: v.optional(v.string(), ''),
  numberOfEmployees: v.optional(v.nullable(v.number()), null),
  secrecyApplies: v.optional(v.boolean(), false),
  sensitiveAttributes: v.optional(v.string(), ''),
  /** Deprecated, without effect. */
  technicalInterface: v.optional(v.boolean(), false),
};
const details = { name: v.string(), ...optional };

export const Organization = v.object({
  id: v.string(),
  resellerId: v.string(),
  ...details,
  createdAt: v.number(),
  updatedAt: v.number(),
});

export type Organization = v.InferOutput<typeof Organization>;

export const ORGANIZATION_DEFAULTS = v.getDefaults(v.object(optional));
/** What a caller may change. */
export const ORGANIZATION_DETAILS = Object.keys(details) as readonly (keyof typeof details)[];
