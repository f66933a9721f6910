// The release server with a data folder of its own, made from a congress pack.
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
const call = promisify(execFile);

/** Imports `pack` into `data` and serves it; enrol() gives links without their origin. */
export async function startServer({ program, dist, pack, data }) {
  fs.rmSync(data, { recursive: true, force: true });
  fs.mkdirSync(data, { recursive: true });
  await call(program, ['import', pack, '--data', data]);
  const port = await freePort();
  const log = fs.openSync(path.join(data, 'server.log'), 'a');
  const child = spawn(program, ['serve', '--data', data, '--dist', dist, '--port', String(port), '--behind-proxy'], { stdio: ['ignore', log, log] });
  const exited = new Promise(resolve => child.once('exit', resolve));
  for (let i = 0; ; i++) {
    if (await fetch(`http://127.0.0.1:${port}/readyz`).then(answer => answer.ok, () => false)) break;
    if (child.exitCode !== null || i > 300) throw new Error(`the server is not ready: ${path.join(data, 'server.log')}`);
    await sleep(50);
  }
  return {
    port,
    /** Path and fragment of an enrolment link, for a person (`p100`) or somebody with a role. */
    async enrol(who) {
      const { stdout } = await call(program, ['enrol', /^p\d/.test(who) ? '--person' : '--role', who, '--json', '--data', data]);
      const [found] = JSON.parse(stdout);
      if (!found) throw new Error(`nobody is ${who}`);
      return found.link.slice(found.link.indexOf('/e#'));
    },
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 8000);
      await exited;
      clearTimeout(late);
    },
  };
}

/** A copy of a pack whose documents are all released, whatever the machine's clock says: phones load every text. */
export function releasedPack(from, to) {
  fs.rmSync(to, { recursive: true, force: true });
  fs.cpSync(from, to, { recursive: true });
  const table = path.join(to, 'documents.csv');
  fs.writeFileSync(table, fs.readFileSync(table, 'utf8').replace(/,\d\d\/\d\d\/\d{4} \d\d:\d\d,/g, ',,'));
  return to;
}

export const LONG_ID = 'van-kien-dai';

/** The same with one document more, of at least `words` words: the texts of the others, one after the other. */
export function longPack(from, to, words) {
  releasedPack(from, to);
  const sources = path.join(from, 'sources');
  const texts = fs.readdirSync(sources).filter(name => name.endsWith('.md')).sort()
    .map(name => fs.readFileSync(path.join(sources, name), 'utf8').replace(/^\+\+\+[^]*?^\+\+\+$/m, ''));
  const lines = ['+++', `id = "${LONG_ID}"`, 'kind = "guide"', 'title = "Văn kiện dài để đo"', 'version = 1', 'secrecy = "none"', 'files = []', '+++', ''];
  let count = 0;
  for (const line of texts.join('\n').split('\n')) {
    if (count >= words && !line.startsWith('|')) break;
    lines.push(line);
    count += line.split(/\s+/).filter(word => /[\p{L}\p{N}]/u.test(word)).length;
  }
  if (count < words) throw new Error(`the pack has ${count} words only`);
  fs.writeFileSync(path.join(to, 'documents', '99-van-kien-dai.md'), lines.join('\n') + '\n');
  return to;
}

/** The same with `people` delegates in all, for the long lists. */
export function largePack(from, to, people) {
  releasedPack(from, to);
  const file = path.join(to, 'people.csv');
  const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
  const columns = lines[0].trim().split(',');
  const at = name => columns.indexOf(name);
  // Rows with quoted commas are left as they are; plain ones are the models.
  const models = lines.slice(1).filter(line => !line.includes('"')).map(line => line.trim().split(','))
    .filter(row => row.length === columns.length && row[at('kind')] === 'official' && !row[at('roles')]);
  if (!models.length) throw new Error('the pack has no plain delegate to copy');
  for (let n = 0; lines.length - 1 < people; n++) {
    const row = [...models[n % models.length]];
    row[at('id')] = `x${n}`; row[at('badge_number')] = `9${String(n).padStart(4, '0')}`; row[at('seat')] = '';
    row[at('given_name')] = models[(n * 7 + 3) % models.length][at('given_name')];
    row[at('family_name')] = models[(n * 11 + 5) % models.length][at('family_name')];
    lines.push(row.join(','));
  }
  fs.writeFileSync(file, lines.join('\n') + '\n');
  return to;
}

/** The same with documents of `words` words in all: the demo's own, again and again with other numbers, and words of one
 * put into the next, so that no two are alike. The longest has twice the words of the demo's longest. */
export function widePack(from, to, words) {
  releasedPack(from, to);
  const documents = path.join(to, 'documents');
  fs.rmSync(documents, { recursive: true });
  fs.rmSync(path.join(to, 'documents.csv'));
  fs.renameSync(path.join(to, 'sources'), documents);
  const sources = fs.readdirSync(documents).sort().map(name => {
    const [, front, body] = /^(\+\+\+\n[\s\S]*?\n\+\+\+\n)([\s\S]*)$/.exec(fs.readFileSync(path.join(documents, name), 'utf8'));
    return { name, front: front.replace(/^released_at = .*\n/m, ''), body };
  });
  const count = text => text.split(/\s+/).filter(word => /[\p{L}\p{N}]/u.test(word)).length;
  const put = (name, front, body) => { fs.writeFileSync(path.join(documents, name), front + body); return count(body); };
  const [first, ...rest] = sources;
  let written = put(first.name, first.front, first.body + varied(first.body, 0)) + rest.reduce((sum, s) => sum + put(s.name, s.front, s.body), 0);
  for (let n = 1; written < words; n++) {
    const { name, front, body } = sources[n % sources.length];
    const copy = front.replace(/^id = "(.*)"/m, `id = "$1-${n}"`).replace(/^title = "(.*)"/m, `title = "$1, bản ${n}"`).replace(/^files = .*\n/m, '');
    written += put(`9${String(n).padStart(3, '0')}-${name.slice(3)}`, copy, varied(body, n));
  }
  return to;
}

/** Other numbers, and one word in nine from elsewhere in the text. */
function varied(body, n) {
  const words = body.match(/\p{L}{2,}/gu);
  let at = n * 7919;
  return body.replace(/(?<=\p{L} )\p{Ll}{2,}(?= \p{L})|\d+/gu, word => {
    at++;
    if (/\d/.test(word)) return String(+word + n);
    return at % 9 ? word : words[(at * 31) % words.length].toLowerCase();
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => resolve(port)); });
  });
}
