import { statesFromColumns } from '../../../src/db/commit/event-states.ts';
import type { Json } from '../api.ts';

/** The whole state before an event, from its row's columns `before` and `after`. */
export const stateBefore = ({ before, after }: Json): Json => statesFromColumns({ before, after }).before;
