export { type Metrics, readMetrics } from '../../db/jobs/metrics.ts';
