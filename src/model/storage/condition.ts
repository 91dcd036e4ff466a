export type Tags = readonly string[] | '*' | null;

/** RFC 9110 §13.1.1, §13.1.2. */
export type Condition = { readonly ifMatch: Tags; readonly ifNoneMatch: Tags };

export function names(tags: Tags, etag: string | null): boolean {
  return etag !== null && tags !== null && (tags === '*' || tags.includes(etag));
}

export function holds({ ifMatch, ifNoneMatch }: Condition, etag: string | null): boolean {
  return (ifMatch === null || names(ifMatch, etag)) && !names(ifNoneMatch, etag);
}
