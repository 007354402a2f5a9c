import { describeSchedules } from './schedules.js';

describeSchedules(20_000);
