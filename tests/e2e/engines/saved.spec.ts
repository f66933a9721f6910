// The strictest promise: from the moment the device says that it is saved, nothing can lose it.
import { expect, test } from './fixtures.ts';

const KILLS = Number(process.env.ENGINE_KILLS ?? 5);

test(`a comment is safe from the moment the device says so: killed ${KILLS} times, none lost`, async ({ server, phone: start }) => {
  test.setTimeout(60_000 + KILLS * 30_000);
  const phone = await start();
  await phone.enrol('p100');
  // A browser writes its cookies down within half a minute, and whenever it is closed.
  await phone.restart();
  await server.stop();
  const texts = Array.from({ length: KILLS }, (_, at) => `Lần thứ ${at + 1} trong ${KILLS}.`);
  for (const [at, text] of texts.entries()) {
    await test.step(text, async () => {
      await phone.submit(text);
      await phone.kill();
      await phone.reopen('/comments');
      await phone.expectWords(`Ngoại tuyến · ${at + 1} mục chờ gửi`, ...texts.slice(0, at + 1));
    });
  }
  await server.start();
  await phone.expectWords(/Đã đồng bộ \d\d:\d\d/, ...texts.map((_, at) => `Đã nhận, số ${at + 1},`));
  for (const text of texts) expect(await phone.count(text), text).toBe(1);
});
