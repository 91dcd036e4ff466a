import { randomUUID } from 'node:crypto';
import type { Call } from './load/load.ts';
import { seededUsers } from './servers/database.ts';
import type { Running } from './servers/workerd.ts';

/** `…InSession`: the floor, too, goes through D1's Sessions API, which the contract asks of us. */
export type Work =
  | 'getUser'
  | 'getUserInSession'
  | 'listFirst'
  | 'listFirstInSession'
  | 'listDeep'
  | 'createBare'
  | 'createBareInSession'
  | 'createHashed'
  | 'refuse';

/** A Worker under measurement, and how each kind of work is asked of it. */
export type Subject = { running: Running; call: (work: Work, index: number) => Call };

/**
 * One row of the table. `floorDoes` is what the floor does for comparison where it differs; `writes` waits
 * after the load until the queues are drained, so that background work counts; `budget` is the least
 * floor CPU / our CPU.
 */
export type Scenario = {
  work: Work;
  title: string;
  requests: number;
  floorDoes?: Work;
  writes?: true;
  /** Whether the peers do it as well. */
  peers?: true;
  budget?: number;
};

export const pageSize = 50;
export const deepRow = 9_000;

export const scenarios: Scenario[] = [
  { work: 'getUser', title: 'GET one user', requests: 200, peers: true, budget: 0.8 },
  { work: 'refuse', title: 'refuse a bad token (floor: GET one user)', requests: 200, floorDoes: 'getUser' },
  {
    work: 'listFirst',
    title: `list ${pageSize} of ${seededUsers}, first page`,
    requests: 100,
    peers: true,
    budget: 0.8,
  },
  { work: 'listDeep', title: `list ${pageSize} by cursor at row ${deepRow}`, requests: 100, peers: true, budget: 0.8 },
  { work: 'getUserInSession', title: 'GET one user (floor: with a D1 session too)', requests: 200 },
  { work: 'listFirstInSession', title: 'list, first page (floor: with a D1 session too)', requests: 100 },
  { work: 'createBare', title: 'create a user, no hash', requests: 60, writes: true, peers: true, budget: 0.7 },
  { work: 'createBareInSession', title: 'create, no hash (floor: with a D1 session too)', requests: 60, writes: true },
  { work: 'createHashed', title: 'create a user with a password (floor: no hash)', requests: 30, writes: true },
];

/** How much more CPU the page at row 9,000 may take than the first one. */
export const deepPageBudget = 1.05;

/** A user that nobody has created yet. */
export function newUser(): Record<string, unknown> {
  const id = randomUUID();
  return {
    firstName: 'Ada',
    lastName: id.slice(0, 8),
    email: `${id}@example.com`,
    role: 'user',
    company: 'Example Ltd',
    allowCustomerPortalAccess: true,
    password: 'correct horse battery staple',
  };
}
