import { memoryCheckpoint } from '../../lib/listing/traversal/memory-checkpoint.js';
import { describeCheckpointStore } from '../contracts/checkpoint-store.js';

describeCheckpointStore('memoryCheckpoint', async () => {
  const store = memoryCheckpoint();
  return () => store;
});
