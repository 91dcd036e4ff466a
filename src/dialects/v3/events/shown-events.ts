import type * as v from 'valibot';
import type { EventType as Type } from '../../../model/events/event.ts';
import { time } from '../present.ts';
import type { EventType } from '../webhooks/schemas.ts';

/** What of a call the files are read by. */
type Reader = { readonly asset: (path: string) => Promise<string>; readonly now: number };
type Shown = v.InferInput<typeof EventType>;

/** Each event's name, with the JSON Schema of the body that carries it and an example. */
export async function shownEvents({ asset }: Reader): Promise<readonly Shown[]> {
  return JSON.parse(await asset('documents/v3.events.json'));
}

/** Makes a body as receivers get it, about things that don't exist. */
export async function exampleBodies(call: Reader): Promise<(type: Type) => string> {
  const examples = new Map((await shownEvents(call)).map(({ event, example }) => [event, example]));
  return (type) => JSON.stringify({ ...examples.get(type), triggeredAt: time(call.now) });
}
