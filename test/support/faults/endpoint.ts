import { availableScopes, SCOPES } from '../../../src/model/clients/scope.ts';
import { makePlace } from '../outside/place.ts';
import { type Client, makeClient, unique } from '../world.ts';
import type { Weights } from './behaviours.ts';
import { type CarefulClient, carefulClient } from './client.ts';
import type { World } from './world.ts';

export type Owner = { readonly resellerId: string | null; readonly client: CarefulClient };
export type Endpoint = {
  readonly id: string;
  readonly owner: Owner;
  readonly events: readonly string[];
  readonly tokens: readonly string[];
  readonly place: ReturnType<typeof makePlace>;
};

export const operatorOf = async (world: World): Promise<Owner> => ownerFor(world, null, await makeClient(null, SCOPES));

export async function makeReseller(world: World, operator: Owner): Promise<Owner> {
  const fields = { email: 'office@example.com', allowedUsers: -1, allowedOrganizations: -1 };
  const { body } = await operator.client.send('POST', '/v3/resellers', { ...fields, name: unique('Reseller') });
  const id = String(body['id']);
  return ownerFor(world, id, await makeClient(id, availableScopes(id)));
}

function ownerFor(world: World, resellerId: string | null, client: Client): Owner {
  return { resellerId, client: carefulClient(world, client) };
}

/** An endpoint at a place of its own, which does to its requests what the script says. */
export async function makeEndpoint(
  world: World,
  owner: Owner,
  given: { readonly events: readonly string[]; readonly token: string; readonly script?: Weights },
): Promise<Endpoint> {
  const place = makePlace();
  if (given.script) await place.answer({ script: { seed: world.random.uint32(), weights: given.script } });
  const { events, token } = given;
  const fields = { name: 'h', url: place.url, token, enabled: true, events };
  const { body } = await owner.client.send('POST', '/v3/webhooks', fields);
  return { id: String(body['id']), owner, events, tokens: [token], place };
}
