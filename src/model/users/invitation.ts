export type Invitation = { readonly userId: string; readonly resellerId: string; readonly invitedAt: number };
