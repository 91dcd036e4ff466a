/** An invitation of a user to a tenant; `invitedAt` (milliseconds) tells it from an earlier one. */
export type Invitation = { readonly userId: string; readonly resellerId: string; readonly invitedAt: number };
