import { makePlace, type Seen } from '../outside/place.ts';
import { rows } from '../world.ts';
import { type Behaviour, behaviours } from './behaviours.ts';
import type { World } from './world.ts';

export type EventRow = {
  seq: number;
  id: string;
  reseller_id: string | null;
  type: string;
  subject: string;
  body: string;
};
export type DeliveryRow = {
  id: string;
  event_id: string;
  endpoint_id: string;
  state: string;
  attempts: number;
  next_attempt_at: number | null;
  lease: string | null;
  recovery_id: string | null;
  settled_at: number | null;
};
export type AttemptRow = {
  delivery_id: string;
  event_id: string;
  attempt: number;
  status: string;
  attempted_at: number;
  duration_ms: number;
  next_attempt_at: number | null;
  status_code: number | null;
  reason: string;
};
/** An endpoint as far as these facts go. */
export type Listener = {
  readonly id: string;
  readonly owner: { readonly resellerId: string | null };
  readonly events: readonly string[];
  /** Any of them may sign. */
  readonly tokens: readonly string[];
  readonly place: {
    readonly url: string;
    readonly seen: () => Promise<Seen[]>;
    readonly mostOpen: () => Promise<number>;
  };
};
/** All that is known of one endpoint: what it asked for, what it got, and what our rows say of that. */
export type Side = {
  readonly endpoint: Listener;
  readonly isOn: boolean;
  /** The events that it asked for, found out without the product's help. */
  readonly wanted: readonly EventRow[];
  readonly seen: readonly Seen[];
  readonly mostOpen: number;
  readonly deliveries: readonly DeliveryRow[];
  readonly attempts: readonly AttemptRow[];
};
export type Facts = Awaited<ReturnType<typeof readFacts>>;

export async function readFacts(world: World, endpoints: readonly Listener[]) {
  const events = await rows<EventRow>(
    'select seq, id, reseller_id, type, subject, body from events where audit_only = 0 order by seq',
  );
  const sides = await Promise.all(endpoints.map((endpoint) => readSide(endpoint, events)));
  return { world, events, sides, trapped: await makePlace('trap').seen() };
}

async function readSide(endpoint: Listener, events: readonly EventRow[]): Promise<Side> {
  const of = <T>(table: string) => rows<T>(`select * from ${table} where endpoint_id = ?`, endpoint.id);
  const [own] = await rows<{ after_seq: number; enabled: number }>(
    'select after_seq, enabled from webhook_endpoints where id = ?',
    endpoint.id,
  );
  return {
    endpoint,
    isOn: own!.enabled === 1,
    wanted: events.filter((event) => event.seq > own!.after_seq && asksFor(endpoint, event)),
    seen: await endpoint.place.seen(),
    mostOpen: await endpoint.place.mostOpen(),
    deliveries: await of<DeliveryRow>('webhook_deliveries'),
    attempts: await of<AttemptRow>('webhook_attempts'),
  };
}

function asksFor({ owner, events }: Listener, event: EventRow): boolean {
  const within = owner.resellerId === null || owner.resellerId === event.reseller_id;
  return within && (events.includes('*') || events.includes(event.type));
}

/** What became of a request, as its receiver knows it. */
export function outcomeOf({ did }: Seen): Pick<Behaviour, 'statusCode' | 'reason'> {
  return behaviours[did ?? 'ok'];
}
