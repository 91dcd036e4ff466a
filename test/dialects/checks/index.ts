import { access } from './access.ts';
import type { Check } from './check.ts';
import { credentials } from './credentials.ts';
import { input } from './input.ts';
import { methods } from './methods.ts';
import { success } from './success.ts';
import { tenancy } from './tenancy.ts';

/** What every route guarantees, as far as it applies to it. */
export const checks: readonly Check[] = [...success, ...access, ...credentials, ...tenancy, ...input, ...methods];
