export { type CsvColumn, type CsvOptions, csv } from './csv.js';
export type { Format } from './format.js';
export { json } from './json.js';
export { ndjson } from './ndjson.js';
