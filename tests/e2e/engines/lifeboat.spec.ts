// A broken build in WebKit and Firefox: the lifeboat is plain JavaScript, and must be plain to every engine.
import { publish, restoreDist } from '../support/dist.ts';
import { Wire } from '../support/wire.ts';
import { expect, test as base } from './fixtures.ts';
import { ownBuild } from '../support/own-build.ts';

const test = base.extend<{ wire: Wire }>({
  server: ownBuild,
  wire: async ({ server }, use) => {
    const wire = await Wire.to(server);
    await use(wire);
    await wire.dispose();
  },
});

test('a broken build shows the lifeboat with every unsent word, sends it once, and gives way to a build that is whole', async ({ server, wire, phone: start }) => {
  const phone = await start({ host: wire });
  await phone.enrol('p100');
  await phone.goto('/agenda');
  await phone.expectWords(/Đã đồng bộ/);
  // Only the files get through: what is unsent stays unsent until the person says so.
  wire.weather = { fault: ({ url = '' }) => (url.startsWith('/api/') ? 'bad gateway' : null) };
  await phone.submit('Ý kiến chờ gửi.');
  publish(server.dist, { name: 'next', broken: true, alone: true });
  await phone.run('navigator.serviceWorker.getRegistration().then(registration => registration.update())');
  await phone.expectWords('Cập nhật');
  await phone.tap('Cập nhật');
  await phone.expectWords('Ứng dụng chưa mở được.', 'Trên máy: 1 bài viết, 1 mục chờ gửi.', 'Ý kiến chờ gửi.');

  wire.weather = {};
  await phone.tap('Gửi ngay');
  await phone.expectWords('Đã gửi.');
  restoreDist(server.dist);
  await phone.tap('Sửa ứng dụng');
  await phone.expectReady();
  await phone.goto('/comments');
  await phone.expectWords('Đã nhận, số 1,');
  expect(await phone.count('Ý kiến chờ gửi.')).toBe(1);
});
