/** Storage accounts of one reseller: a page of a list shows them all. */
export const STORAGE_ACCOUNTS_MAX = 1000;
/** Largest quota, 1 PiB: whatever one account comes to is exact in a double. */
export const STORAGE_QUOTA_MAX_BYTES = 2 ** 50;
/** R2: longest key, in UTF-8; ours never reach it, but are as long as callers know them from there. */
export const OBJECT_KEY_MAX_BYTES = 1024;
/** R2: largest object of a single put, 4.995 GiB. The account's plan may take less in one request (100 MB and up). */
export const OBJECT_MAX_BYTES = 5_363_340_410;
/** Longest media type that is kept with an object. */
export const MEDIA_TYPE_MAX_CHARS = 256;
/** An upload has ended after this, or has failed: 5 GiB at 1.5 MB/s. */
export const OBJECT_UPLOAD_MS = 60 * 60 * 1000;
/** What an upload reserved is given back after this, should nobody have done so: nothing of it can be under way any more. */
export const OBJECT_LEASE_MS = OBJECT_UPLOAD_MS + 10 * 60 * 1000;
/** How long the bytes of a replaced or deleted object are kept for downloads that have begun. */
export const OBJECT_GARBAGE_KEPT_MS = 15 * 60 * 1000;
/** How often a download looks again when the bytes it was about to read are gone. */
export const OBJECT_READ_TRIES = 3;
/** Objects of a page. */
export const OBJECTS_MAX_ROWS = 1000;
/** R2: keys of one delete; so many objects go at a time. */
export const OBJECTS_DISCARDED = 1000;
