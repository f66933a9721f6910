// A server of a build of its own, which a test may change; for specs about updates and broken builds.
import fs from 'node:fs';
import { copyDist } from './dist.ts';
import { TestServer } from './server.ts';

/** What the app says when it cannot open. */
export const LIFEBOAT = 'Ứng dụng chưa mở được. Những gì đồng chí đã viết vẫn còn trên máy.';

export async function ownBuild({}, use: (server: TestServer) => Promise<void>): Promise<void> {
  const server = await TestServer.launch(copyDist());
  await use(server);
  await server.dispose();
  fs.rmSync(server.dist, { recursive: true, force: true });
}
