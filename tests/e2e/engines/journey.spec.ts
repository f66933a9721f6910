// The promise of the app in the engines beside Chromium: WebKit, which every iPhone runs, and Firefox.
import { expect, test } from './fixtures.ts';

const TEXT = 'Đề nghị bổ sung “Kỷ cương” vào phương châm.';

test('a comment written without a network survives the closing of the browser and is received once', async ({ server, phone: start }) => {
  const phone = await start();
  await phone.enrol('p100');
  // Firefox asks whether the app may keep its data, and nobody answers: nothing waits for that.
  await expect.poll(() => phone.run('return location.href'), 'the code has left the address bar').toBe(`${server.url}/e`);
  await phone.goto('/agenda');
  await phone.expectWords(/Đã đồng bộ/);
  await server.stop();

  await test.step('the app opens and reads without a network', async () => {
    await phone.reload();
    await phone.follow('/documents');
    await phone.expectWords('14/14 văn kiện đã lưu trên máy');
    await phone.follow('/documents/bao-cao-chinh-tri');
    await phone.expectWords('Ngoại tuyến', 'Đoàn kết - Gương mẫu - Đổi mới - Phục vụ - Hiệu quả');
    await phone.follow('/check-in');
    await phone.expectWords('Vũ Thị Huệ');
  });
  await test.step('the comment is safe', async () => {
    await phone.submit(TEXT);
    await phone.expectWords(TEXT, 'Đã lưu trên máy, sẽ gửi khi có mạng', 'Ngoại tuyến · 1 mục chờ gửi');
  });
  await test.step('it is there after the browser was closed and opened again', async () => {
    await phone.restart('/comments');
    await phone.expectWords(TEXT, 'Đã lưu trên máy, sẽ gửi khi có mạng');
  });
  await test.step('with the network it is received by itself', async () => {
    await server.start();
    await phone.expectWords(/Đã nhận, số 1, \d\d:\d\d/, /Đã đồng bộ \d\d:\d\d/);
    expect(await phone.count(TEXT)).toBe(1);
  });
});
