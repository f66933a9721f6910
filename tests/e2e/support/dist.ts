// Builds of the app that are put in place of each other, as updates in the middle of a congress. They are the same app
// under other names: what matters here is what the browser and the service worker do with the files.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { DIST, WORK } from './paths.ts';

export interface Build {
  /** What `<html data-build>` and the worker's version say. */
  name: string;
  /** Garbage in place of its WebAssembly. */
  broken?: boolean;
  /** The files of all earlier builds are gone, as after a deployment into an empty folder. */
  alone?: boolean;
}

/** All code of a build lies in one folder, named by its content. */
const FOLDER = /app-[0-9a-f]{16}/;

/** A copy of the build under test, to be changed. */
export function copyDist(): string {
  const dist = fs.mkdtempSync(path.join(WORK, 'dist-'));
  fs.cpSync(DIST, dist, { recursive: true });
  return dist;
}

/** Puts the build under test back in place of whatever was published since. */
export function restoreDist(dist: string): void {
  fs.rmSync(dist, { recursive: true });
  fs.cpSync(DIST, dist, { recursive: true });
}

export function publish(dist: string, { name, broken = false, alone = false }: Build): void {
  const at = (file: string) => path.join(dist, file);
  const read = (file: string) => fs.readFileSync(at(file), 'utf8');
  let page = read('index.html').replace(/data-app="starting"( data-build="[^"]*")?/, `data-app="starting" data-build="${name}"`);
  let worker = read('sw.js').replace(/(const VERSION = )"[^"]*"|(\/\*VERSION\*\/\s*)"[^"]*"/, `$1$2"${name}"`);
  const [before] = page.match(FOLDER) ?? [];
  if (!before) throw new Error(`no app in ${at('index.html')}`);
  const next = `app-${sha256(Buffer.from(name)).slice(0, 16)}`;
  fs.cpSync(at(before), at(next), { recursive: true });
  page = page.replaceAll(before, next);
  worker = worker.replaceAll(before, next);
  if (broken) {
    const program = `${next}/delegate-app_bg.wasm`;
    fs.writeFileSync(at(program), 'no WebAssembly at all');
    for (const packed of ['.br', '.gz']) fs.rmSync(at(program + packed), { force: true });
    worker = withHash(worker, `/${program}`, at(program));
  }
  fs.writeFileSync(at('index.html'), page);
  fs.writeFileSync(at('sw.js'), withHash(worker, '/', at('index.html')));
  for (const page of ['index.html', 'sw.js']) for (const packed of ['.br', '.gz']) fs.rmSync(at(page + packed), { force: true });
  if (alone) fs.rmSync(at(before), { recursive: true });
}

/** The worker's list with the file's new checksum. */
function withHash(program: string, url: string, file: string): string {
  const entry = new RegExp(`(\\["${url.replaceAll('.', '\\.')}",\\s*)"[0-9a-f]{64}"`);
  if (!entry.test(program)) throw new Error(`the worker keeps no ${url}`);
  return program.replace(entry, `$1"${sha256(fs.readFileSync(file))}"`);
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
