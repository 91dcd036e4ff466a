/**
 * One row of the deliveries' table: so many events, to each of so many endpoints. Of the dead endpoints half
 * refuse the connection and half never answer. `turns` repeats it, each turn after the one before has drained.
 * Without `perSecond` the events come as fast as the API takes them.
 */
export type DeliveryScenario = {
  title: string;
  live: number;
  dead: number;
  turns: number;
  events: number;
  perSecond?: number;
};

const steady = { turns: 1, events: 400, perSecond: 20 };

export const deliveryScenarios: DeliveryScenario[] = [
  { title: '1 event to 500 endpoints, 5 times', live: 500, dead: 0, turns: 5, events: 1 },
  { title: '1 event to 250 endpoints, 5 times', live: 250, dead: 0, turns: 5, events: 1 },
  { title: '1 event to 250 endpoints beside 250 dead, 5 times', live: 250, dead: 250, turns: 5, events: 1 },
  { title: '10,000 events to 1 endpoint', live: 1, dead: 0, turns: 1, events: 10_000 },
  { title: '20 events/s to 4 endpoints', live: 4, dead: 0, ...steady },
  { title: '20 events/s to 4 endpoints beside 4 dead', live: 4, dead: 4, ...steady },
];
