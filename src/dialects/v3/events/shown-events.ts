import type * as v from 'valibot';
import type { EventType as Type } from '../../../model/events/event.ts';
import { time } from '../present.ts';
import type { EventType } from '../webhooks/schemas.ts';

type Reader = { readonly asset: (path: string) => Promise<string>; readonly now: number };
type Shown = v.InferInput<typeof EventType>;

export async function shownEvents({ asset }: Reader): Promise<readonly Shown[]> {
  return JSON.parse(await asset('documents/v3.events.json'));
}

export async function exampleBodies(call: Reader): Promise<(type: Type) => string> {
  const examples = new Map((await shownEvents(call)).map(({ event, example }) => [event, example]));
  return (type) => JSON.stringify({ ...examples.get(type), triggeredAt: time(call.now) });
}
