import type { Metrics } from '../../../domain/jobs/jobs.ts';
import type { Family, Sample } from '../../../http/metrics/exposition.ts';
import { DATABASE_MAX_BYTES, OUTBOX_COUNTED_MAX, REQUEST_BUCKETS_MS } from '../../../model/limits/index.ts';
import type { RequestCount } from '../../../model/usage/request-counts.ts';

const PREFIX = 'reseller_edge';

export function families({ requests, counters, jobs, outboxEvents, queueAgesMs, databaseBytes }: Metrics): Family[] {
  const counted = (name: string) => counters.filter((counter) => counter.name === name).map(toSample);
  return [
    {
      name: `${PREFIX}_requests_total`,
      type: 'counter',
      help: 'Requests answered, by route, method and status.',
      samples: requests.map(({ count, ...request }) => ({
        labels: { ...kindOf(request), status: request.status },
        value: count,
      })),
    },
    {
      name: `${PREFIX}_request_duration_seconds`,
      type: 'histogram',
      help: "Time from a request's arrival to its answer.",
      samples: [...Map.groupBy(requests, ({ route, method }) => `${method} ${route}`).values()].flatMap(histogram),
    },
    {
      name: `${PREFIX}_outbox_events`,
      type: 'gauge',
      help: `Events committed and not fanned out at the last sweep; counted up to ${OUTBOX_COUNTED_MAX}.`,
      samples: [{ labels: {}, value: outboxEvents }],
    },
    {
      name: `${PREFIX}_queue_age_seconds`,
      type: 'gauge',
      help: 'How long the first in each queue had been due at the last sweep; 0 where nothing was.',
      samples: Object.entries(queueAgesMs).map(([queue, ms]) => ({ labels: { queue }, value: ms / 1000 })),
    },
    {
      name: `${PREFIX}_database_size_bytes`,
      type: 'gauge',
      help: 'The size of the database.',
      samples: [{ labels: {}, value: databaseBytes }],
    },
    {
      name: `${PREFIX}_database_size_limit_bytes`,
      type: 'gauge',
      help: 'What the database may grow to.',
      samples: [{ labels: {}, value: DATABASE_MAX_BYTES }],
    },
    {
      name: `${PREFIX}_job_last_success_timestamp_seconds`,
      type: 'gauge',
      help: 'When each background job last ended with nothing of it failed; 0: never.',
      samples: jobs.map(({ name, succeededAt }) => ({ labels: { job_name: name }, value: (succeededAt ?? 0) / 1000 })),
    },
    {
      name: `${PREFIX}_webhook_attempts_total`,
      type: 'counter',
      help: 'Attempts to deliver an event to a webhook, by how they ended.',
      samples: counted('webhook_attempts'),
    },
    {
      name: `${PREFIX}_webhook_deliveries_dead_total`,
      type: 'counter',
      help: 'Events given up for a webhook after their last attempt.',
      samples: counted('webhook_deliveries_dead'),
    },
    {
      name: `${PREFIX}_mails_total`,
      type: 'counter',
      help: 'Mails that were sent, failed for good, or were not wanted any more.',
      samples: counted('mails'),
    },
    {
      name: `${PREFIX}_budget_refusals_total`,
      type: 'counter',
      help: 'Requests refused because a tenant had used up a budget, by budget.',
      samples: counted('budget_refusals').map(({ labels, value }) => ({
        labels: { budget: labels['outcome'] ?? '' },
        value,
      })),
    },
    {
      name: `${PREFIX}_dead_letters_total`,
      type: 'counter',
      help: 'Messages and events that were given up, kept in the table dead_letters.',
      samples: counted('dead_letters'),
    },
  ];
}

const toSample = ({ outcome, value }: Metrics['counters'][number]): Sample => ({
  labels: outcome === '' ? {} : { outcome },
  value,
});
const kindOf = ({ route, method }: Pick<RequestCount, 'route' | 'method'>) => ({ route, method });

function histogram(requests: readonly RequestCount[]): Sample[] {
  const [first] = requests;
  if (first === undefined) return [];
  const labels = kindOf(first);
  const sum = (of: (request: RequestCount) => number) => requests.reduce((total, request) => total + of(request), 0);
  const count = sum((request) => request.count);
  let upTo = 0;
  const buckets = REQUEST_BUCKETS_MS.map((endMs, index): Sample => {
    upTo += sum((request) => request.buckets[index] ?? 0);
    return { suffix: '_bucket', labels: { ...labels, le: endMs / 1000 }, value: upTo };
  });
  return [
    ...buckets,
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
    { suffix: '_sum', labels, value: sum((request) => request.durationMs) / 1000 },
    { suffix: '_count', labels, value: count },
  ];
}
