import { documentedAccounts } from '../../src/dialects/accounts/documented.ts';
import { fuzzDialect } from './fuzz-dialect.ts';

fuzzDialect(documentedAccounts);
