// A browser in which something is missing: the app says what it cannot do here, and keeps its word another way.
import { expect, test } from './fixtures.ts';

test('without a service worker the app promises only what it can, and what is written is safe all the same', async ({ server, phone: start }) => {
  const phone = await start({ lacks: ['service worker'] });
  await phone.enrol('p100', 'Tài liệu đã lưu trên máy');
  await phone.expectWords('Trình duyệt này không giữ được bản thân ứng dụng', 'xin đừng đóng trang');
  expect(await phone.count('Sẵn sàng dùng ngoại tuyến')).toBe(0);
  await phone.restart('/comments/new');
  await server.stop();
  await phone.write('Viết khi không có mạng và không có gì giữ ứng dụng.');
  await phone.handIn();
  await phone.kill();

  await server.start();
  await phone.reopen('/comments');
  await phone.expectWords('Đã nhận, số 1,');
  expect(await phone.count('Viết khi không có mạng')).toBe(1);
});
