import type { DocumentedDialect } from '../http/routes/dialect.ts';
import { documentedAccounts } from './accounts/documented.ts';
import { documentedReseller } from './reseller/documented.ts';
import { documentedV3 } from './v3/documented.ts';

/** For the build (scripts/lib/build/documents.ts), not for the Worker. */
export const documented: readonly DocumentedDialect[] = [documentedV3, documentedAccounts, documentedReseller];
