import { readMetrics } from '../../../domain/jobs/jobs.ts';
import { formatMetrics, METRICS_MEDIA_TYPE } from '../../../http/metrics/exposition.ts';
import { textRoute } from '../../../http/routes/text-route.ts';
import { families } from './metric-families.ts';

export const operationsMetrics = [
  textRoute(
    {
      path: '/operations/metrics',
      scope: 'operations:read',
      cost: 'heavy',
      id: 'readMetrics',
      tag: 'Operations',
      summary: 'Read how the deployment is doing, as Prometheus does',
      mediaType: METRICS_MEDIA_TYPE,
    },
    async (caller) => formatMetrics(families(await readMetrics(caller))),
  ),
];
