import { memoryDestination } from '../../lib/testing/index.js';
import { describeDestination, type Row } from '../contracts/destination.js';

describeDestination(
  'memoryDestination',
  async () => {
    const destination = memoryDestination<Row>();
    return { connect: () => destination, published: async () => destination.published };
  },
  { keepsLeases: true },
);
