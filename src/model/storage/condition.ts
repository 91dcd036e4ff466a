/** Entity tags that a request names, without their quotes; `*` is whatever there is. Null: it names none. */
export type Tags = readonly string[] | '*' | null;

/** What must (not) be there for a request to be done (RFC 9110 §13.1.1, §13.1.2). */
export type Condition = { readonly ifMatch: Tags; readonly ifNoneMatch: Tags };

/** Whether what is there, by its entity tag, is among those named. Null: there is nothing. */
export function names(tags: Tags, etag: string | null): boolean {
  return etag !== null && tags !== null && (tags === '*' || tags.includes(etag));
}

/** Whether the request may be done as things are. */
export function holds({ ifMatch, ifNoneMatch }: Condition, etag: string | null): boolean {
  return (ifMatch === null || names(ifMatch, etag)) && !names(ifNoneMatch, etag);
}
