/** Where an account's bytes are to stay. */
export const JURISDICTIONS = ['default', 'eu', 'fedramp'] as const;

export type Jurisdiction = (typeof JURISDICTIONS)[number];

/** A space for objects, with a quota. */
export type StorageAccount = {
  readonly id: string;
  readonly resellerId: string;
  readonly name: string;
  readonly jurisdiction: Jurisdiction;
  readonly quotaBytes: number;
  readonly usedBytes: number;
  readonly objectCount: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Deleted, and shown only while it is emptied. */
  readonly deletedAt: number | null;
  /** How many objects it had when it was deleted. */
  readonly purgeTotal: number;
};

/** What stands under a key: never changed, only replaced by another. */
export type StoredObject = {
  readonly id: string;
  readonly key: string;
  /** When it was stored, in milliseconds since the epoch. */
  readonly since: number;
  readonly size: number;
  readonly etag: string;
  readonly contentType: string;
};

/** Where an object is, or is to be. */
export type ObjectPlace = { readonly resellerId: string; readonly storageAccountId: string; readonly key: string };

/** A stretch of an object's bytes. */
export type Part = { readonly offset: number; readonly length: number };
