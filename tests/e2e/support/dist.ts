// Builds of the app that are put in place of each other, as an update in the middle of a congress.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { DIST, WORK } from './paths.ts';

/** A copy of the build under test, to be changed. */
export function copyDist(): string {
  const dist = fs.mkdtempSync(path.join(WORK, 'dist-'));
  fs.cpSync(DIST, dist, { recursive: true });
  return dist;
}

/** Publishes a newer build: the same app under another version. A broken one holds garbage in place of its WebAssembly. */
export function publishNext(dist: string, broken = false): void {
  const index = path.join(dist, 'index.html');
  const worker = path.join(dist, 'sw.js');
  let page = fs.readFileSync(index, 'utf8').replace('data-app="starting"', 'data-app="starting" data-build="next"');
  const [wasm] = page.match(/delegate-app-[0-9a-f]+_bg\.wasm/) ?? [];
  if (!wasm) throw new Error(`no app in ${index}`);
  let program = fs.readFileSync(worker, 'utf8').replace(/(\/\*VERSION\*\/\s*)"[^"]*"/, '$1"next"');
  if (broken) {
    const next = wasm.replace(/-[0-9a-f]+_bg/, '-0badc0de0badc0de_bg');
    fs.writeFileSync(path.join(dist, next), 'no WebAssembly at all');
    page = page.replaceAll(wasm, next).replace(/ integrity="[^"]*"/g, '');
    program = program.replaceAll(wasm, next);
    program = withHash(program, `/${next}`, path.join(dist, next));
  }
  fs.writeFileSync(index, page);
  program = withHash(program, '/', index);
  fs.writeFileSync(worker, program);
  for (const name of fs.readdirSync(dist)) {
    if (/^(index\.html|sw\.js)\.(br|gz)$/.test(name)) fs.rmSync(path.join(dist, name));
  }
}

/** The worker's list with the file's new checksum. */
function withHash(program: string, url: string, file: string): string {
  const sha256 = createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  const entry = new RegExp(`(\\["${url.replaceAll('.', '\\.')}",\\s*)"[0-9a-f]{64}"`);
  if (!entry.test(program)) throw new Error(`the worker keeps no ${url}`);
  return program.replace(entry, `$1"${sha256}"`);
}
