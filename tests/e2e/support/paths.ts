// Where the built things are. `cargo xtask test` says so; by hand, the usual places are taken.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const SERVER = process.env.E2E_SERVER ?? path.join(ROOT, 'target/release/congress-server');
export const DIST = process.env.E2E_DIST ?? path.join(ROOT, 'dist');
export const WORK = process.env.E2E_WORK ?? path.join(ROOT, 'target/e2e');
/** The demo congress as these tests import it: released whatever the machine's clock says. */
export const PACK = path.join(WORK, 'pack');
/** The demo congress, imported once; every server starts from a copy. */
export const TEMPLATE = path.join(WORK, 'template');
