import { documentedV3 } from '../../src/dialects/v3/documented.ts';
import { fuzzDialect } from './fuzz-dialect.ts';

fuzzDialect(documentedV3);
