import { documentedAccounts } from '../../src/dialects/accounts/documented.ts';
import { fuzzDialect } from '../support/fuzz/fuzz-dialect.ts';

fuzzDialect(documentedAccounts);
