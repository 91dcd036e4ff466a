import { documentedReseller } from '../../src/dialects/reseller/documented.ts';
import { fuzzDialect } from './fuzz-dialect.ts';

fuzzDialect(documentedReseller);
