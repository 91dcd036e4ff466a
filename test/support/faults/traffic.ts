import type { Owner } from './endpoint.ts';
import type { World } from './world.ts';

/** Resellers at work: their organizations come, change and go. `told` is what they were told that they had done. */
export function traffic(world: World, owners: readonly Owner[]) {
  const { random, clock } = world;
  const known = new Map(owners.map((owner): [Owner, string[]] => [owner, []]));
  const told = { created: [] as string[], updated: [] as string[], deleted: [] as string[] };

  async function change(owner: Owner): Promise<void> {
    const mine = known.get(owner)!;
    const base = `/v3/resellers/${owner.resellerId}/organizations`;
    const what = random.weighed({ create: 55, update: 30, delete: 15 });
    // Taken away while it changes, so that nobody else changes it.
    const id = what === 'create' ? undefined : mine.shift();
    if (id === undefined) {
      const organization = { name: clock.newId(), email: 'it@example.com', allowedUsers: -1 };
      const { status, body } = await owner.client.send('POST', base, organization);
      if (status !== 201) throw new Error(`not created: ${status}`);
      told.created.push(String(body['id']));
      mine.push(String(body['id']));
    } else if (what === 'update') {
      const { status } = await owner.client.send('PATCH', `${base}/${id}`, { description: clock.newId() });
      if (status !== 200) throw new Error(`not updated: ${status}`);
      told.updated.push(id);
      mine.push(id);
    } else {
      // A repeated deletion finds nothing any more.
      const { status } = await owner.client.send('DELETE', `${base}/${id}`);
      if (status !== 204 && status !== 404) throw new Error(`not deleted: ${status}`);
      told.deleted.push(id);
    }
  }

  return {
    told,
    /** So many changes, some at once. */
    async work(changes: number): Promise<void> {
      await Promise.all(Array.from({ length: changes }, () => change(random.pick(owners))));
    },
  };
}
