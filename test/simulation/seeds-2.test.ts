import { testSeeds } from '../support/simulation/seeds.ts';

testSeeds(1);
