import type { LoggedRequest } from '../../lib/sandbox/index.js';

export interface Panel {
  readonly title: string;
  readonly log: readonly LoggedRequest[];
}

const WIDTH = 900;
const HEIGHT = 90;
const MARGIN = 44;
const BIN_MS = 5000;
const SERVED = '#4a7ab5';
const THROTTLED = '#c8403a';

/** An SVG with a panel for each run, all to the same scale: requests per 5 s, served ones below, throttled ones on top. */
export function plot(panels: readonly Panel[]): string {
  const binned = panels.map(({ title, log }) => ({ title, bins: bin(log) }));
  const columns = Math.max(1, ...binned.map(({ bins }) => bins.length));
  const highest = Math.max(
    1,
    ...binned.flatMap(({ bins }) => bins.map(({ served, throttled }) => served + throttled)),
  );
  const step = (WIDTH - 2 * MARGIN) / columns;
  const unit = (HEIGHT - 30) / highest;

  const drawn = binned.map(({ title, bins }, row) => {
    const bottom = (row + 1) * HEIGHT;
    const bars = bins.flatMap(({ served, throttled }, column) => [
      bar(MARGIN + column * step, bottom - served * unit, step, served * unit, SERVED),
      bar(MARGIN + column * step, bottom - (served + throttled) * unit, step, throttled * unit, THROTTLED),
    ]);
    return [
      `<text x="${MARGIN}" y="${bottom - HEIGHT + 22}">${xml(title)}</text>`,
      ...bars,
      axis(bottom),
    ].join('');
  });
  const height = panels.length * HEIGHT + 30;
  const seconds = (columns * BIN_MS) / 1000;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    '<title>Requests over time, served and throttled, for each contender</title>',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...drawn,
    `<text x="${MARGIN}" y="${height - 10}">0 s</text>`,
    `<text x="${WIDTH - MARGIN}" y="${height - 10}" text-anchor="end">${seconds} s</text>`,
    `<text x="${WIDTH / 2}" y="${height - 10}" text-anchor="middle">requests per 5 s:`,
    `<tspan fill="${SERVED}"> served</tspan>,<tspan fill="${THROTTLED}"> throttled</tspan></text>`,
    '</svg>\n',
  ].join('\n');
}

function bin(log: readonly LoggedRequest[]): { served: number; throttled: number }[] {
  const bins: { served: number; throttled: number }[] = [];
  const firstMs = log[0]?.atMs ?? 0;
  for (const { atMs, status } of log) {
    const column = Math.floor((atMs - firstMs) / BIN_MS);
    while (bins.length <= column) bins.push({ served: 0, throttled: 0 });
    const counts = bins[column];
    if (counts) counts[status === 429 ? 'throttled' : 'served']++;
  }
  return bins;
}

function bar(x: number, y: number, width: number, height: number, fill: string): string {
  const box = [x, y, Math.max(0.5, width - 1), height].map((value) => value.toFixed(1));
  return height > 0
    ? `<rect x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" fill="${fill}"/>`
    : '';
}

function axis(bottom: number): string {
  return `<path d="M${MARGIN} ${bottom}H${WIDTH - MARGIN}" stroke="#888"/>`;
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
