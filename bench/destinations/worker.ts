import { open } from 'node:fs/promises';
import { jsonText } from '../../lib/destinations/formats/json-text.js';
import { fromPages } from '../../lib/from-pages.js';
import { file } from '../../lib/node/index.js';
import { FORMATS } from './formats.js';

export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  /** How far the memory of the second half of the rows exceeded that of the first. */
  readonly grownMb: number;
}

const PAGE = 1_000;
const INSTANCE = 'arn:aws:connect:eu-central-1:123456789012:instance/3f2a9c10-6d1e-4b8a-9c55-0d2f7e4b1a66';

const [way = '', name = '', count = '', path = ''] = process.argv.slice(2);
const users = Number(count);
const format = FORMATS[name];
if (!format) throw new Error(`no format ${name}`);

const halves = [0, 0];

function pageFrom(first: number) {
  const half = first * 2 < users ? 0 : 1;
  if (first % 10_000 === 0) halves[half] = Math.max(halves[half] ?? 0, process.memoryUsage.rss());
  return Array.from({ length: Math.min(PAGE, users - first) }, (_, n) => {
    const Id = `3f2a9c10-6d1e-4b8a-9c55-${String(first + n).padStart(12, '0')}`;
    return {
      Id,
      Arn: `${INSTANCE}/agent/${Id}`,
      Username: `agent.${first + n}@example.com`,
      LastModifiedTime: new Date(1_700_000_000_000 + first + n),
      LastModifiedRegion: 'eu-central-1',
    };
  });
}

const listing = fromPages(async (token) => {
  const first = Number(token ?? 0);
  return { items: pageFrom(first), next: first + PAGE < users ? String(first + PAGE) : undefined };
});

const rows = {
  async *[Symbol.asyncIterator]() {
    for (let first = 0; first < users; first += PAGE) yield pageFrom(first);
  },
};

const ways: Record<string, () => Promise<void>> = {
  /** What `pageturn users --output ndjson > FILE` does with each user. */
  async loop() {
    const target = await open(path, 'w');
    let text = '';
    for await (const user of listing) {
      text += `${jsonText(user)}\n`;
      if (text.length < 65_536) continue;
      await target.appendFile(text);
      text = '';
    }
    await target.appendFile(text);
    await target.close();
  },
  async array() {
    const target = await open(path, 'w');
    for await (const bytes of format.encode(rows)) await target.appendFile(bytes);
    await target.sync();
    await target.close();
  },
  /** The destination without a listing before it. */
  async written() {
    const { cursor } = listing.open();
    const destination = file(path, { format });
    const none = { pages: 0, items: 0, written: 0, failed: 0, requests: 0, throttles: 0, waitedMs: 0 };
    const totals = { ...none, restarts: 0, resumed: 0, startedAt: new Date().toISOString() };
    const { signal } = new AbortController();
    const { fence } = await destination.open({ query: cursor.query, chain: [] }, { signal });
    for await (const page of rows) await destination.write(page, { fence, cursor, totals });
    await destination.finish({ reason: 'exhausted', fence, totals });
    await destination.close();
  },
  async drain() {
    await listing.drainTo(file(path, { format }));
  },
};

const startedAt = performance.now();
const cpuAtStart = process.cpuUsage();
await ways[way]?.();
const seconds = (performance.now() - startedAt) / 1_000;
const { user, system } = process.cpuUsage(cpuAtStart);
const [first = 0, second = 0] = halves;
const measured: Measured = {
  seconds,
  cpuSeconds: (user + system) / 1_000_000,
  peakMb: process.resourceUsage().maxRSS / 1_024,
  grownMb: Math.max(0, second - first) / 1_048_576,
};
process.send?.(measured);
