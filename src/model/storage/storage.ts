export const JURISDICTIONS = ['default', 'eu', 'fedramp'] as const;

export type Jurisdiction = (typeof JURISDICTIONS)[number];

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
  readonly deletedAt: number | null;
  readonly purgeTotal: number;
};

export type StoredObject = {
  readonly id: string;
  readonly key: string;
  readonly since: number;
  readonly size: number;
  readonly etag: string;
  readonly contentType: string;
};

export type ObjectLocation = { readonly resellerId: string; readonly storageAccountId: string; readonly key: string };

export type ByteRange = { readonly offset: number; readonly length: number };
