import type * as v from 'valibot';
import type { EventType as Type } from '../../../model/events/event.ts';
import { time } from '../present.ts';
import type { EventType } from '../webhooks/schemas.ts';

type DocumentReader = { readonly asset: (path: string) => Promise<string>; readonly now: number };
type EventDocument = v.InferInput<typeof EventType>;

export async function readEventDocuments({ asset }: DocumentReader): Promise<readonly EventDocument[]> {
  return JSON.parse(await asset('documents/v3.events.json'));
}

export async function exampleBodies(call: DocumentReader): Promise<(type: Type) => string> {
  const examples = new Map((await readEventDocuments(call)).map(({ event, example }) => [event, example]));
  return (type) => JSON.stringify({ ...examples.get(type), triggeredAt: time(call.now) });
}
