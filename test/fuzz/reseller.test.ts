import { reseller } from '../../src/dialects/reseller/index.ts';
import { fuzzDialect } from '../support/fuzz/fuzz-dialect.ts';

fuzzDialect(reseller);
