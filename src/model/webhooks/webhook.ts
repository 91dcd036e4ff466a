import * as v from 'valibot';

/** An address that receives events. Its token is kept apart and is no part of this. */
export const Webhook = v.object({
  id: v.string(),
  /** Null: the operator's own, which hears of every reseller. */
  resellerId: v.nullable(v.string()),
  name: v.string(),
  url: v.string(),
  enabled: v.boolean(),
  events: v.array(v.string()),
  status: v.picklist(['healthy', 'unhealthy', 'suspended']),
  createdAt: v.number(),
  updatedAt: v.number(),
});

export type Webhook = v.InferOutput<typeof Webhook>;

/** A message that says where work may be waiting; the work itself stands in the database. */
export type Task =
  | { readonly endpointId: string }
  | { readonly recoveryId: string }
  /** A deleted organization whose rows have to go. */
  | { readonly organizationId: string }
  /** A deleted storage account whose objects have to go. */
  | { readonly storageAccountId: string }
  /** A status update whose mails have to be written. */
  | { readonly statusUpdateId: string };
