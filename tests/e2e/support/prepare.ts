// Once before all journeys: imports the demo congress into the folder that every server copies.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { copyPack } from './pack.ts';
import { DIST, PACK, ROOT, SERVER, TEMPLATE, WORK } from './paths.ts';

export default function prepare(): void {
  for (const needed of [SERVER, path.join(DIST, 'index.html')]) {
    if (!fs.existsSync(needed)) throw new Error(`${needed} is missing: run cargo xtask test --only e2e`);
  }
  fs.rmSync(WORK, { recursive: true, force: true });
  fs.mkdirSync(TEMPLATE, { recursive: true });
  // The documents as their sources, which a journey can change as text; the Word files made of them say the same.
  const demo = path.join(WORK, 'demo');
  fs.cpSync(path.join(ROOT, 'demo'), demo, { recursive: true });
  fs.rmSync(path.join(demo, 'documents'), { recursive: true });
  fs.rmSync(path.join(demo, 'documents.csv'));
  fs.renameSync(path.join(demo, 'sources'), path.join(demo, 'documents'));
  copyPack(demo, PACK, { documents: text => text.replace(/^released_at = .*\n/m, '') });
  execFileSync(SERVER, ['import', PACK, '--data', TEMPLATE], { stdio: ['ignore', 'ignore', 'inherit'] });
}
