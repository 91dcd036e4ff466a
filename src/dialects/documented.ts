import type { Documented } from '../http/routes/dialect.ts';
import { documentedAccounts } from './accounts/documented.ts';
import { documentedReseller } from './reseller/documented.ts';
import { documentedV3 } from './v3/documented.ts';

/** Every dialect with its documentation. The Worker itself has no use for it: see scripts/lib/documents.ts. */
export const documented: readonly Documented[] = [documentedV3, documentedAccounts, documentedReseller];
