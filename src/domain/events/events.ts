export { type Feed, listEvents } from '../../db/events/events.ts';
