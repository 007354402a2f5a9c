import { describeKilledRuns } from './killed-runs.js';

// A few kills in every run of the specs; npm run test:crash has more.
describeKilledRuns({ kills: 4, seed: 1 });
