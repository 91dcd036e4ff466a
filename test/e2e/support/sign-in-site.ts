import { caller, requestToken } from './api.ts';
import { freePort } from './ports.ts';
import { readDemo, startScript, startServer, stopServer } from './server.ts';
import { cloneTree } from './tree.ts';

export const PASSWORD = 'Correct-horse-7';

/** A real server on localhost, with people of the demo's reseller who may sign in. */
export async function openSignInSite() {
  const tree = cloneTree();
  const port = await freePort();
  const server = await startServer(tree, startScript, port);
  const { baseUrl, reseller } = readDemo(tree);
  const api = caller(baseUrl, await requestToken(baseUrl, reseller));
  const base = `/v3/resellers/${reseller.id}`;
  const made = await api.post(`${base}/organizations`, { name: 'Example', email: 'it@example.com', allowedUsers: -1 });
  let count = 0;
  return {
    baseUrl,
    reseller,
    async newPerson() {
      count += 1;
      const email = `ada${count}@example.com`;
      const user = {
        firstName: 'Ada',
        lastName: 'Brightwater',
        email,
        role: 'user',
        organizationId: made.body['id'],
        allowCustomerPortalAccess: true,
        password: PASSWORD,
      };
      const { status, body } = await api.post(`${base}/users`, user);
      if (status !== 201) throw new Error(JSON.stringify(body));
      return { email };
    },
    close: async () => {
      await stopServer(server);
      tree.remove();
    },
  };
}
