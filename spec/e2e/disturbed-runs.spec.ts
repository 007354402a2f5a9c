import { describeDisturbedRuns } from './disturbed-runs.js';

// A few in every run of the specs; npm run test:crash has more.
describeDisturbedRuns({ runs: 4, seed: 1 });
