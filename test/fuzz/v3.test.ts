import { documentedV3 } from '../../src/dialects/v3/documented.ts';
import { fuzzDialect } from '../support/fuzz/fuzz-dialect.ts';

fuzzDialect(documentedV3);
