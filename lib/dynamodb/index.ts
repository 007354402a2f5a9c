export { type DynamoDBOptions, dynamodb } from './dynamodb.js';
export { type DynamoDBCheckpointOptions, dynamodbCheckpoint } from './dynamodb-checkpoint.js';
export type { PositionPlace } from './position-place.js';
export type { AnyDynamoDBClient, TableSendOptions } from './table-requests.js';
