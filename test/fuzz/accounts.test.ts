import { accounts } from '../../src/dialects/accounts/index.ts';
import { fuzzDialect } from '../support/fuzz/fuzz-dialect.ts';

fuzzDialect(accounts);
