export { type DynamoDBOptions, dynamodb, type PositionPlace } from './dynamodb.js';
export { type DynamoDBCheckpointOptions, dynamodbCheckpoint } from './dynamodb-checkpoint.js';
export type { AnyDynamoDBClient, TableSendOptions } from './table-requests.js';
