import { QuotaModel } from '../../lib/pace/quota-model.js';
import { readQuota } from '../../lib/pace/read-quota.js';
import { Bucket, Caller, Simulation, seeded } from './simulation.js';

interface Sample {
  readonly at: number;
  readonly learnt: number;
  readonly real: number;
}

const WIDTH = 900;
const HEIGHT = 220;
const MARGIN = 44;
const SECONDS = 420;
const HIGHEST = 5;

/** An SVG of one run: the real quota, the learnt rate, and every throttle, while the quota falls, returns and rises. */
export function plot(): string {
  const { samples, throttles } = sample();
  const x = (at: number) => (MARGIN + (at / 1000 / SECONDS) * (WIDTH - 2 * MARGIN)).toFixed(1);
  const y = (rate: number) => (HEIGHT - 30 - (rate / HIGHEST) * (HEIGHT - 60)).toFixed(1);
  const line = (of: (one: Sample) => number) =>
    samples.map((one, index) => `${index ? 'L' : 'M'}${x(one.at)} ${y(of(one))}`).join('');
  const ticks = [0, 1, 2, 3, 4].map(
    (rate) => `<text x="${MARGIN - 8}" y="${y(rate)}" text-anchor="end" dy="4">${rate}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    '<title>The learnt rate follows the quota</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<path d="M${MARGIN} ${y(0)}H${WIDTH - MARGIN}" stroke="#888"/>`,
    ...ticks,
    `<path d="${line((one) => one.real)}" fill="none" stroke="#aaa" stroke-width="2"/>`,
    `<path d="${line((one) => one.learnt)}" fill="none" stroke="#4a7ab5" stroke-width="1.5"/>`,
    ...throttles.map((at) => `<path d="M${x(at)} ${y(0)}v6" stroke="#c8403a"/>`),
    `<text x="${MARGIN}" y="18">requests per second: <tspan fill="#888">quota</tspan>,`,
    '<tspan fill="#4a7ab5"> learnt rate</tspan>,<tspan fill="#c8403a"> throttled requests</tspan></text>',
    `<text x="${WIDTH - MARGIN}" y="${HEIGHT - 6}" text-anchor="end">${SECONDS} s</text>`,
    '</svg>\n',
  ].join('\n');
}

function sample(): { samples: Sample[]; throttles: number[] } {
  const random = seeded(1);
  const simulation = new Simulation();
  const bucket = new Bucket(simulation);
  const model = new QuotaModel(readQuota({}));
  const caller = { model, requests: Number.MAX_SAFE_INTEGER, latencyMs: () => 40 + 20 * random(), random };
  new Caller(simulation, bucket, caller).start();
  const quota = new Map([
    [120, 0.5],
    [220, 2],
    [320, 4],
  ]);
  const samples: Sample[] = [];
  for (let second = 0; second <= SECONDS; second++) {
    simulation.run(second * 1000);
    samples.push({ at: second * 1000, learnt: model.ratePerSecond, real: bucket.ratePerSecond });
    const changed = quota.get(second);
    if (changed === undefined) continue;
    bucket.ratePerSecond = changed;
    samples.push({ at: second * 1000, learnt: model.ratePerSecond, real: changed });
  }
  return { samples, throttles: bucket.log.filter(({ accepted }) => !accepted).map(({ at }) => at) };
}
