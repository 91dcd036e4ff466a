import { inRoot } from '../root.ts';

export const wranglerCli = inRoot('node_modules', 'wrangler', 'bin', 'wrangler.js');

/** `getPlatformProxy` needs the versioned folder. */
export const stateFolder = inRoot('.wrangler', 'state');
export const stateVersionFolder = inRoot('.wrangler', 'state', 'v3');

/** No telemetry, no network, no shared registry. */
export const wranglerEnvironment: Readonly<Record<string, string>> = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_LOG: 'error',
  WRANGLER_LOG_PATH: inRoot('.wrangler', 'logs'),
  WRANGLER_REGISTRY_PATH: inRoot('.wrangler', 'registry'),
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  // It would write every request, tokens included, to a file.
  X_LOCAL_OBSERVABILITY: 'false',
  NO_COLOR: '1',
};
