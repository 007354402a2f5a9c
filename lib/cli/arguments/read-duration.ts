const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * A duration in milliseconds: `90s`, `10m`, `36h`, `7d`, `2w`, `1h30m`, or ISO 8601 such as `P1DT12H`; undefined for
 * anything else. Years and months have no fixed length.
 */
export function readDuration(text: string): number | undefined {
  if (text.length > LONGEST) return undefined;
  const parts = /^P(?=.)(.*)$/.test(text) ? isoParts(text) : text.match(/\d+(\.\d+)?[a-z]+/g);
  if (!parts || (!text.startsWith('P') && parts.join('') !== text)) return undefined;
  let total = 0;
  for (const part of parts) {
    const unit = UNIT_MS[part.replace(/[\d.]+/, '')];
    if (unit === undefined) return undefined;
    total += Number.parseFloat(part) * unit;
  }
  return Number.isFinite(total) ? total : undefined;
}

// Bounds the time of the patterns: 50,000 digits took 10 s.
const LONGEST = 100;

/** `P1DT12H` as `1d` and `12h`. */
function isoParts(text: string): string[] | undefined {
  const match = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  const units = ['w', 'd', 'h', 'm', 's'];
  const parts = match?.slice(1).flatMap((number, n) => (number === undefined ? [] : [number + units[n]]));
  return parts && parts.length > 0 ? parts : undefined;
}
