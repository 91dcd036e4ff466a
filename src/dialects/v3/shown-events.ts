import type * as v from 'valibot';
import type { Call } from '../../db/call.ts';
import type { EventType as Type } from '../../model/event.ts';
import { time } from './present.ts';
import type { EventType } from './webhook-schemas.ts';

type Shown = v.InferInput<typeof EventType>;

/** Where the build puts what it says of each event (scripts/lib/documents.ts). */
export const SHOWN_EVENTS = 'documents/v3.events.json';

/** Each event's name, with the JSON Schema of the body that carries it and an example. */
export async function shownEvents({ asset }: Call): Promise<readonly Shown[]> {
  return JSON.parse(await asset(SHOWN_EVENTS));
}

/** Makes a body as receivers get it, about things that don't exist. */
export async function exampleBodies(call: Call): Promise<(type: Type) => string> {
  const examples = new Map((await shownEvents(call)).map(({ event, example }) => [event, example]));
  return (type) => JSON.stringify({ ...examples.get(type), triggeredAt: time(call.now) });
}
