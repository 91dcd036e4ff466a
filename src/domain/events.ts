export { type Feed, listEvents } from '../db/events.ts';
