import { describeDisturbedRuns } from './disturbed-runs.js';

// A few in every run of the specs; npm run test:crash has more.
describeDisturbedRuns({ runs: 2, seed: 1 });
