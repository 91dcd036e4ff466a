import { applyDifference, differenceOf, isDifference } from '../../model/events/difference.ts';

type States = { readonly before: object | null; readonly after: object | null };
/** `before` is the difference from `after`, or whole if SQL computes it. */
type Columns = { readonly before: string | null; readonly after: string | null };

export const statesToColumns = ({ before, after }: States): Columns => ({
  before: before && JSON.stringify(after === null ? before : differenceOf(before, after)),
  after: after && JSON.stringify(after),
});

export function statesFromColumns(columns: Columns): States {
  const [before, after] = [parsed(columns.before), parsed(columns.after)];
  const differs = before !== null && after !== null && isDifference(before);
  return { before: differs ? applyDifference(before, after) : before, after };
}

const parsed = (text: string | null): object | null => (text === null ? null : JSON.parse(text));
