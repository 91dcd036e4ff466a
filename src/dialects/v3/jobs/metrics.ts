import { readMetrics } from '../../../domain/jobs/jobs.ts';
import { EXPOSITION, expose } from '../../../http/metrics/exposition.ts';
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
      mediaType: EXPOSITION,
    },
    async (caller) => expose(families(await readMetrics(caller))),
  ),
];
