import type { Seen } from '../outside/place.ts';
import { type AttemptRow, type Facts, type Listener, outcomeOf, type Side } from './facts.ts';
import type { Invocation } from './invocation.ts';
import { isGenuine } from './signature.ts';

/**
 * Everything that is not as it has to be, each kind in a list of its own: nothing is, if all are empty. A request is
 * known by its id and the second it was made in.
 */
export function audit({ world, sides, trapped }: Facts) {
  const findings = (find: (side: Side) => readonly unknown[]) => sides.flatMap(find);
  const sentTo = ({ place }: Listener, by: (invocation: Invocation) => boolean) =>
    world.sent.filter(({ url, invocation }) => url === place.url && by(invocation));
  return {
    /** Events that an endpoint asked for and never acknowledged. */
    missing: findings(missing),
    /** Requests with an event that nobody asked for there, or with a body that is not the event's. */
    astray: [
      ...trapped,
      ...findings(({ wanted, seen }) => {
        const bodies = new Map(wanted.map(({ id, body }) => [id, body]));
        return seen.filter((one) => one.method !== 'POST' || bodies.get(eventOf(one)) !== one.body);
      }),
    ],
    unsigned: findings(({ endpoint, seen }) =>
      seen.filter((one) => !endpoint.tokens.some((token) => isGenuine(token, one))),
    ),
    /** Endpoints that were sent more than six requests at once. */
    crowded: sides.filter(({ mostOpen }) => mostOpen > 6).map(({ endpoint, mostOpen }) => ({ ...endpoint, mostOpen })),
    /** Deliveries that are under way, or settled without an attempt that says so. */
    unsettled: findings(({ deliveries, attempts }) => {
      const successes = new Set(attempts.filter(({ status }) => status === 'delivered').map(endOf));
      return deliveries.filter(
        ({ id, state, lease, next_attempt_at, settled_at }) =>
          state !== 'delivered' || lease !== null || next_attempt_at !== null || !successes.has(`${id} ${settled_at}`),
      );
    }),
    /** Deliveries that don't stand for exactly one event that was asked for. */
    unasked: findings(({ wanted, deliveries }) => {
      const ids = new Set(wanted.map(({ id }) => id));
      return deliveries.filter(({ event_id }) => !ids.delete(event_id));
    }),
    /** Events that came again after they were acknowledged, though nothing went wrong in any run that sent them. */
    repeated: findings(({ endpoint, seen }) => {
      const risky = new Set(sentTo(endpoint, ({ touched }) => touched).map(({ id }) => id));
      const got = seen.filter(isAcknowledged).map(eventOf);
      return without(got, [...new Set(got)]).filter((id) => !risky.has(id));
    }),
    /** Attempts of one delivery with the same number, or with a higher one than it had. */
    miscounted: findings(({ deliveries, attempts }) => {
      const byDelivery = Map.groupBy(attempts, ({ delivery_id }) => delivery_id);
      return deliveries
        .filter(({ recovery_id }) => recovery_id === null)
        .filter(({ id, attempts: most }) => {
          const numbers = (byDelivery.get(id) ?? []).map(({ attempt }) => attempt);
          return new Set(numbers).size < numbers.length || numbers.some((number) => number > most);
        });
    }),
    /** Attempts that the log tells of and that nobody saw, or saw otherwise. */
    invented: findings(({ seen, attempts }) =>
      without(
        attempts.map((attempt) => `${requestOf(attempt)} ${attempt.status_code} ${attempt.reason}`),
        seen.map((one) => {
          const { statusCode, reason } = outcomeOf(one);
          return `${eventOf(one)} ${one.headers['webhook-timestamp']} ${statusCode} ${reason}`;
        }),
      ),
    ),
    /** Requests that the log does not tell of, though nothing went wrong in the run that made them. */
    unlogged: findings(({ endpoint, attempts }) =>
      without(
        sentTo(endpoint, ({ touched }) => !touched).map(({ id, timestamp }) => `${id} ${timestamp}`),
        attempts.map(requestOf),
      ),
    ),
    /** Requests that came from elsewhere than from a run of the Worker. */
    foreign: findings(({ endpoint, seen }) =>
      without(
        seen.map((one) => `${eventOf(one)} ${one.headers['webhook-timestamp']}`),
        sentTo(endpoint, () => true).map(({ id, timestamp }) => `${id} ${timestamp}`),
      ),
    ),
  };
}

/** Events that an endpoint never acknowledged, though it is on and no log says that they were given up. */
export function lostWithoutTrace({ sides }: Facts) {
  return sides
    .filter(({ isOn }) => isOn)
    .flatMap((side) => {
      const last = new Set(side.attempts.filter(({ next_attempt_at: next }) => next === null).map(endOf));
      const dead = side.deliveries.filter(
        ({ state, id, settled_at }) => state === 'dead' && last.has(`${id} ${settled_at}`),
      );
      const givenUp = new Set(dead.map(({ event_id }) => event_id));
      return missing(side).filter(({ id }) => !givenUp.has(id));
    });
}

export const nothingWrong: Record<keyof ReturnType<typeof audit>, []> = {
  missing: [],
  astray: [],
  unsigned: [],
  crowded: [],
  unsettled: [],
  unasked: [],
  repeated: [],
  miscounted: [],
  invented: [],
  unlogged: [],
  foreign: [],
};

function missing({ wanted, seen }: Side) {
  const got = new Set(seen.filter(isAcknowledged).map(eventOf));
  return wanted.filter(({ id }) => !got.has(id));
}

const isAcknowledged = (one: Seen) => outcomeOf(one).reason === 'delivered';
const eventOf = ({ headers }: Seen) => headers['webhook-id'] ?? '';
const endOf = ({ delivery_id, attempted_at, duration_ms }: AttemptRow) =>
  `${delivery_id} ${attempted_at + duration_ms}`;
const requestOf = ({ event_id, attempted_at }: AttemptRow) => `${event_id} ${Math.floor(attempted_at / 1000)}`;

/** The one list without the other, each item as often as it comes. */
function without(items: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(other, (left.get(other) ?? 0) + 1);
  return items.filter((item) => {
    const count = left.get(item) ?? 0;
    left.set(item, count - 1);
    return count <= 0;
  });
}
