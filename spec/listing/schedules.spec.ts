import { describeSchedules } from './schedules.js';

// Some in every run of the specs; npm run test:crash has more.
describeSchedules(1_000);
