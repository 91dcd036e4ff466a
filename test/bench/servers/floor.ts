import type { Call } from '../load/load.ts';
import { deepRow, newUser, pageSize, type Subject, type Work } from '../scenarios.ts';
import type { Bundle } from './bundle.ts';
import { fillDatabase, firstCreatedAt, resellerId, seededUsers, userId } from './database.ts';
import { startWorkerd } from './workerd.ts';

const users = `/${resellerId}/users`;
const list = `${users}?limit=${pageSize}`;

/** Starts the floor over a filled database. */
export async function startFloor(code: Bundle): Promise<Subject> {
  const running = await startWorkerd(code);
  await fillDatabase(running.db);
  return { running, call };
}

function call(work: Work, index: number): Call {
  switch (work) {
    case 'getUser':
    case 'refuse':
      return { method: 'GET', path: `${users}/${userId(index % seededUsers)}`, expect: 200 };
    case 'getUserInSession':
      return { method: 'GET', path: `${users}/${userId(index % seededUsers)}?session`, expect: 200 };
    case 'listFirstInSession':
      return { method: 'GET', path: `${list}&session`, expect: 200 };
    case 'listFirst':
      return { method: 'GET', path: list, expect: 200 };
    case 'listDeep': {
      const last = deepRow - 1;
      return { method: 'GET', path: `${list}&createdAt=${firstCreatedAt + last}&after=${userId(last)}`, expect: 200 };
    }
    case 'createBareInSession':
      return { method: 'POST', path: `${users}?session`, body: JSON.stringify(newUser()), expect: 201 };
    case 'createBare':
    case 'createHashed':
      return { method: 'POST', path: users, body: JSON.stringify(newUser()), expect: 201 };
  }
}
