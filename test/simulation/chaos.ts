import { nothingFails, type Rates, randomFate } from '../support/faults/fate.ts';
import type { World } from '../support/faults/world.ts';

const RATES: Rates = {
  database: { 'error before': 0.01, 'error after': 0.01, 'crash before': 0.006, 'crash after': 0.006, stall: 0.002 },
  queue: {
    'error before': 0.03,
    'error after': 0.02,
    'crash before': 0.01,
    'crash after': 0.01,
    'message doubled': 0.05,
  },
  network: { 'crash before': 0.04, 'crash after': 0.04 },
  blobs: { 'error before': 0.05, 'error after': 0.05, 'crash before': 0.05, 'crash after': 0.05 },
  mail: {
    'error before': 0.08,
    'error after': 0.06,
    'crash before': 0.05,
    'crash after': 0.05,
    stall: 0.05,
    'mail refused': 0.05,
  },
};
/** Days differ: on some hardly anything fails, on others much. */
const SEVERITIES = [0.3, 1, 1, 2];
const REDELIVERED = 0.05;
const CRON_SKIPPED = 0.3;
const CRON_DOUBLED = 0.2;

/** All that goes wrong, by the names that the world counts it under. */
export const FAULTS = [
  ...Object.entries(RATES).flatMap(([ask, rates]) => Object.keys(rates).map((fault) => `${ask}: ${fault}`)),
  'batch: failed',
  'batch: delivered twice',
  'batch: disordered',
  'cron: failed',
  'cron: skipped',
  'cron: doubled',
];

export function beginFaults(world: World): void {
  world.fate = randomFate(world.random, times(RATES, world.random.pick(SEVERITIES)));
  world.redelivered = REDELIVERED;
  world.cronSkipped = CRON_SKIPPED;
  world.cronDoubled = CRON_DOUBLED;
}

export function endFaults(world: World): void {
  world.fate = nothingFails;
  world.redelivered = 0;
  world.cronSkipped = 0;
  world.cronDoubled = 0;
}

const times = (rates: Rates, factor: number): Rates =>
  Object.fromEntries(
    Object.entries(rates).map(([asked, own]) => [
      asked,
      Object.fromEntries(Object.entries(own).map(([fault, rate]) => [fault, rate * factor])),
    ]),
  );
