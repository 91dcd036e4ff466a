import { v3 } from '../../src/dialects/v3/index.ts';
import { fuzzDialect } from '../support/fuzz/fuzz-dialect.ts';

fuzzDialect(v3);
