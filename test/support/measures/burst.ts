/** How many requests come at once where a race is tested. */
export const AT_ONCE = 200;

/** The work so often at once. */
export const burst = <T>(work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => work(index)));

/** How often there was each status, with the code if there is one. */
export function tally(
  replies: readonly { readonly status: number; readonly body: { readonly code?: string } | null }[],
) {
  const outcomes = Map.groupBy(replies, ({ status, body }) => `${status} ${body?.code ?? ''}`.trim());
  return Object.fromEntries([...outcomes].map(([outcome, { length }]) => [outcome, length]));
}
