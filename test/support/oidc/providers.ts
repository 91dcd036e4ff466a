import type { TestProject } from 'vitest/node';
import { startProvider } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Settings OIDC_PROVIDER. */
    providers: { readonly google: string; readonly strict: string };
  }
}

/** Real OpenID Connect providers on loopback, in Node: one with Google's habits, one with those of the specification. */
export default async function providers(project: TestProject) {
  const google = await startProvider();
  const strict = await startProvider({ claimsIn: 'user-info', secretBy: 'basic' });
  project.provide('providers', { google: google.setting, strict: strict.setting });
  return () => Promise.all([google.close(), strict.close()]);
}
