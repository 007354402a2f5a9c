import { memoryCheckpoint } from '../../lib/checkpoint/memory-checkpoint.js';
import { describeCheckpointStore } from '../contracts/checkpoint-store.js';

describeCheckpointStore('memoryCheckpoint', async () => memoryCheckpoint());
