import type { Operation } from '../simulation.ts';
import { applicationOperations } from './applications.ts';
import { clientOperations } from './clients.ts';
import { identityOperations } from './identities.ts';
import { invitationOperations } from './invitations.ts';
import { memberOperations } from './members.ts';
import { newUserOperations } from './new-users.ts';
import { organizationOperations } from './organizations.ts';
import { peopleOperations } from './people.ts';
import { resellerOperations } from './resellers.ts';
import { sessionOperations } from './sessions.ts';
import { storageOperations } from './storage.ts';
import { subscriptionOperations } from './subscriptions.ts';
import { userOperations } from './users.ts';
import { webhookOperations } from './webhooks.ts';

const { describe, brand, ...rare } = resellerOperations;
const { put, ...storage } = storageOperations;
const { signInOutside, ...identities } = identityOperations;

/** What is done, each group as often as its weight says. */
export const OPERATIONS: readonly (readonly [weight: number, operations: readonly Operation[]])[] = [
  [14, Object.values(newUserOperations)],
  [10, Object.values(userOperations)],
  [12, Object.values(memberOperations)],
  [12, Object.values(invitationOperations)],
  [10, Object.values(organizationOperations)],
  [18, Object.values(peopleOperations)],
  [4, Object.values(applicationOperations)],
  [8, Object.values(sessionOperations)],
  [20, [signInOutside, signInOutside, signInOutside, signInOutside, ...Object.values(identities)]],
  [16, Object.values(subscriptionOperations)],
  [10, Object.values(webhookOperations)],
  [26, [put, put, put, ...Object.values(storage)]],
  [7, [describe, brand, ...Object.values(clientOperations)]],
  [3, Object.values(rare)],
];
