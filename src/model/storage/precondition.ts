export type EntityTags = readonly string[] | '*' | null;

/** RFC 9110 §13.1.1, §13.1.2. */
export type Precondition = { readonly ifMatch: EntityTags; readonly ifNoneMatch: EntityTags };

export function matchesTag(tags: EntityTags, etag: string | null): boolean {
  return etag !== null && tags !== null && (tags === '*' || tags.includes(etag));
}

export function preconditionHolds({ ifMatch, ifNoneMatch }: Precondition, etag: string | null): boolean {
  return (ifMatch === null || matchesTag(ifMatch, etag)) && !matchesTag(ifNoneMatch, etag);
}
