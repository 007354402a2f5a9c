/**
 * What importing pageturn costs beside the AWS client, and a start of the command line beside that of Node: in fresh
 * processes, the cases by turns. Under load, compare the least processor time. Needs the package built.
 * Run it: npm run bench:import [-- processes]
 */
import { spawnSync } from 'node:child_process';
import { median } from './median.js';

interface Case {
  readonly name: string;
  /** What is loaded before, and not counted. */
  readonly before?: string;
  readonly code: string;
}

interface Sample {
  readonly cpuMs: number;
  readonly wallMs: number;
}

const CLIENT = "await import('@aws-sdk/client-connect');";
const CASES: readonly Case[] = [
  { name: '`@aws-sdk/client-connect`', code: CLIENT },
  { name: '`pageturn/connect` after it', before: CLIENT, code: "await import('pageturn/connect');" },
  { name: '`pageturn`', code: "await import('pageturn');" },
  { name: '`pageturn/node`', code: "await import('pageturn/node');" },
  { name: '`pageturn --version`', code: commandLine('--version') },
  { name: '`pageturn --help`', code: commandLine('--help') },
];

const processes = Number(process.argv[2] ?? 30);
const samples = new Map(CASES.map((one) => [one, [] as Sample[]]));
for (let round = 0; round < processes; round += 1) {
  for (const [one, taken] of samples) taken.push(measure(one));
}

console.log('| | processor time, ms | median | elapsed, ms | median |\n|---|--:|--:|--:|--:|');
for (const [{ name }, taken] of samples) {
  const cpu = taken.map(({ cpuMs }) => cpuMs);
  const wall = taken.map(({ wallMs }) => wallMs);
  const columns = [Math.min(...cpu), median(cpu), Math.min(...wall), median(wall)];
  console.log(`| ${name} | ${columns.map((ms) => ms.toFixed(1)).join(' | ')} |`);
}

function commandLine(...args: string[]): string {
  const argv = JSON.stringify(['node', 'pageturn', ...args]);
  return `process.argv = ${argv}; await import('./dist/cli/main.js');`;
}

/** Runs the code of a case in its own process. */
function measure({ before = '', code }: Case): Sample {
  const program = `
    ${before}
    const cpu = process.cpuUsage();
    const started = performance.now();
    ${code}
    const { user, system } = process.cpuUsage(cpu);
    console.error(JSON.stringify({ cpuMs: (user + system) / 1000, wallMs: performance.now() - started }));
  `;
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
    // The notice of the AWS SDK about old versions of Node is not part of an import.
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
}
