const DAY_MS = 86_400_000;

let day = Number.NaN;
let dayText = '';

/** What `date.toISOString()` returns for a valid date, in a fifth of its time: neighbouring rows mostly share their day. */
export function isoText(date: Date): string {
  const ms = date.getTime();
  const its = Math.floor(ms / DAY_MS);
  if (its !== day) {
    dayText = date.toISOString().slice(0, -'00:00:00.000Z'.length);
    day = its;
  }
  const inDay = ms - its * DAY_MS;
  const seconds = Math.floor(inDay / 1_000);
  const minutes = Math.floor(seconds / 60);
  const time = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`;
  return `${dayText}${time}.${THREE_DIGITS[inDay % 1_000]}Z`;
}

const TWO_DIGITS = numbers(100, 2);
const THREE_DIGITS = numbers(1_000, 3);

function two(number: number): string | undefined {
  return TWO_DIGITS[number];
}

function numbers(count: number, digits: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => String(number).padStart(digits, '0'));
}
