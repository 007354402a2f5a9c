export { type ConnectImportOptions, type ConnectImportRow, connectImport } from './connect-import.js';
export { type CsvColumn, type CsvOptions, csv } from './csv.js';
export type { Format } from './format.js';
export { json } from './json.js';
export { ndjson } from './ndjson.js';
