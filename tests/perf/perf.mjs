// Measures the app's figures of perf.md and prints one table; everything raw goes to target/perf.json.
//   node perf.mjs --server PROGRAM --dist DIR --target DIR [--rounds 5] [--only open,shaped,taps,list,row,live,reading,search]
// A benchmark: what cannot be measured is said in the table, and the exit code is that of a run that worked.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FIGURES, printTable, rowsOf } from './figures.mjs';
import { certificate, front } from './front.mjs';
import { readingRound } from './reading.mjs';
import { largePack, longPack, releasedPack, startServer, widePack } from './server.mjs';
import { floorRound, openRound, shapedRound } from './visits.mjs';
import { listRound, liveRound, rowRound, tapRound } from './journey.mjs';
import { searchRound } from './search.mjs';

const PARTS = {
  open: [[floorRound, openRound], ['shell_painted', 'enrol_usable', 'enrol_ratio', 'second_open', 'second_ratio', 'offline_open', 'offline_ratio']],
  shaped: [[shapedRound], ['shell_ready', 'enrol_ready', 'enrol_kb']],
  taps: [[tapRound], ['tap', 'tap_median', 'long_task', 'shift', 'saved', 'memory']],
  list: [[listRound], ['list_open', 'list_key']],
  row: [[rowRound], ['row_kb']],
  live: [[liveRound], ['live']],
  reading: [[readingRound], ['reading_open', 'reading_frames', 'reading_frame', 'floor_frames', 'floor_frame']],
  search: [[searchRound], ['search_build', 'search_slice', 'search_key', 'search_memory']],
};
const PEOPLE = 2000;
const WORDS_OF_DOCUMENT = 25_000, WORDS_OF_PACK = 250_000;

const { values: a } = parseArgs({ options: {
  server: { type: 'string' }, dist: { type: 'string' }, target: { type: 'string' }, rounds: { type: 'string', default: '5' }, only: { type: 'string' },
} });
const parts = (a.only ?? Object.keys(PARTS).join(',')).split(',');
for (const part of parts) if (!PARTS[part]) throw new Error(`--only knows ${Object.keys(PARTS).join(', ')}`);
const demo = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../demo');
const work = path.join(a.target, 'perf');
fs.rmSync(work, { recursive: true, force: true });

const keys = certificate(path.join(work, 'certificate'));
const ctx = { spki: keys.spki, samples: {}, notes: [] };
const failures = {}, closing = [];
const put = (name, value) => { (ctx.samples[name] ??= []).push(+value.toFixed(3)); };
const firstLine = error => String(error.message ?? error).split('\n')[0];
const has = (...names) => names.some(name => parts.includes(name));

async function congress(pack, name) {
  const server = await startServer({ program: a.server, dist: a.dist, pack, data: path.join(work, name) });
  closing.push(() => server.stop());
  return server;
}
async function frontOf(server) {
  const f = await front(keys, server.port);
  closing.push(() => f.close());
  return f;
}

try {
  if (has('open', 'shaped', 'taps', 'live')) {
    ctx.server = await congress(releasedPack(demo, path.join(work, 'demo-pack')), 'demo-data');
    ctx.front = await frontOf(ctx.server);
  }
  if (has('list', 'row')) {
    ctx.largeServer = await congress(largePack(demo, path.join(work, 'large-pack'), PEOPLE), 'large-data');
    ctx.largeFront = await frontOf(ctx.largeServer);
    ctx.otherFront = await frontOf(ctx.largeServer);
  }
  if (has('reading')) {
    ctx.longServer = await congress(longPack(demo, path.join(work, 'long-pack'), WORDS_OF_DOCUMENT), 'long-data');
    ctx.longFront = await frontOf(ctx.longServer);
  }
  if (has('search')) {
    ctx.wideServer = await congress(widePack(demo, path.join(work, 'wide-pack'), WORDS_OF_PACK), 'wide-data');
    ctx.wideFront = await frontOf(ctx.wideServer);
  }
  for (let round = 1; round <= +a.rounds; round++) {
    for (const part of parts) {                                   // A B C, A B C: the machine's noise hits all alike
      const [steps, names] = PARTS[part], start = Date.now();
      try {
        for (const step of steps) await step(ctx, put);
        console.error(`round ${round}/${a.rounds} ${part}: ${((Date.now() - start) / 1000).toFixed(0)} s`);
      } catch (error) {
        for (const name of names) failures[name] ??= firstLine(error);
        console.error(`round ${round}/${a.rounds} ${part}: ${firstLine(error)}`);
      }
    }
  }
} finally {
  for (const close of closing.reverse()) await close().catch(() => {});
}

const rows = rowsOf(ctx.samples, failures);
const file = path.join(a.target, 'perf.json');
fs.writeFileSync(file, JSON.stringify({ at: new Date().toISOString(), load: os.loadavg(), rounds: +a.rounds, figures: rows, samples: ctx.samples, failures, notes: ctx.notes }, null, 1));
console.log();
printTable(rows);
console.log(`\n${rows.filter(r => r.verdict === 'over').length} over, ${rows.filter(r => r.verdict === 'not measured').length} not measured, ${Object.keys(FIGURES).length} figures; raw samples in ${file}`);
