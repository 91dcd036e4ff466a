import { documentedReseller } from '../../src/dialects/reseller/documented.ts';
import { fuzzDialect } from '../support/fuzz/fuzz-dialect.ts';

fuzzDialect(documentedReseller);
