import * as v from 'valibot';

export const Webhook = v.object({
  id: v.string(),
  /** Null: the operator's, for events of every reseller. */
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

export type Task =
  | { readonly endpointId: string }
  | { readonly recoveryId: string }
  | { readonly organizationId: string }
  | { readonly storageAccountId: string }
  | { readonly statusUpdateId: string };
