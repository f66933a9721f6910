// The day of the congress, whole: what the app exists for.
import { Compose, Comments } from './pages/comments.ts';
import { Console } from './pages/console.ts';
import { Documents, Reader } from './pages/documents.ts';
import { Scan } from './pages/scan.ts';
import { expect, test } from './support/fixtures.ts';

const HUE = 'Vũ Thị Huệ';
const PASSAGE = 'Phương châm Đại hội';
const COMMENT = 'Đề nghị bổ sung “Kỷ cương” vào phương châm, vì đó là khâu còn yếu nhất của nhiệm kỳ qua.';

test('a comment written without a network reaches the podium, and its author is called to speak', async ({ server, device }) => {
  test.setTimeout(120_000);
  const phone = await device('p100', { size: 'phone' });
  const comments = () => new Comments(phone.page);

  await test.step('the network is gone; the delegate reads and searches the political report', async () => {
    await server.stop();
    await phone.page.reload();
    await phone.app.waitUntilReady();
    await phone.app.go('Văn kiện');
    const documents = new Documents(phone.page);
    await documents.open('Dự thảo Báo cáo chính trị');
    await phone.page.goBack();
    await documents.search.fill('phuong cham dai hoi');
    await phone.page.getByRole('link', { name: PASSAGE }).first().click();
    await expect(new Reader(phone.page).paragraph(PASSAGE)).toBeInViewport();
  });

  await test.step('comments on the paragraph and asks for the floor', async () => {
    const reader = new Reader(phone.page);
    await expect(reader.actions).toBeVisible();
    await reader.actions.getByRole('link', { name: 'Góp ý đoạn này' }).click();
    const compose = new Compose(phone.page);
    await expect(compose.quote).toContainText('Đoàn kết - Gương mẫu - Đổi mới');
    await compose.write({ stance: 'Tán thành một phần', text: COMMENT, floor: 5 });
    await compose.send();
    await phone.app.expectOffline(1);
  });

  await test.step('the comment is there after the browser was closed', async () => {
    await phone.restart('/comments');
    await expect(comments().card(COMMENT)).toContainText('Đã lưu trên máy, sẽ gửi khi có mạng');
    await expect(comments().card(COMMENT)).toContainText('Đăng ký phát biểu 5 phút');
  });

  await test.step('with the network it is received by itself', async () => {
    await server.start();
    await expect(comments().card(COMMENT)).toContainText(/Đã nhận, số 1, \d\d:\d\d/, { timeout: 60_000 });
    await phone.app.expectSynced();
  });

  const tablet = await device('p001', { size: 'tablet' });
  const console = new Console(tablet.page);
  await test.step('the presidium sees it, puts it into the queue and gives the floor', async () => {
    await console.open();
    await expect(console.card(COMMENT)).toContainText(HUE);
    await expect(console.card(COMMENT)).toContainText('Xin phát biểu 5 phút');
    await console.button('Đưa vào hàng chờ', HUE).click();
    await console.expectQueue(HUE);
    await expect(comments().card(COMMENT)).toContainText('Chờ phát biểu (thứ 1)');
    await console.button('Mời phát biểu', HUE).click();
    await expect(console.now).toContainText('Đã mời, đang lên diễn đàn');
  });

  await test.step('the delegate is called, on whatever screen', async () => {
    await phone.app.go('Chương trình');
    await expect(phone.page.getByRole('alert')).toContainText('Mời đồng chí phát biểu');
    await phone.app.go('Ý kiến');
    await expect(comments().card(COMMENT)).toContainText('Mời phát biểu');
  });

  await test.step('speaks, and has spoken', async () => {
    await console.now.getByRole('button', { name: `Bắt đầu phát biểu: ${HUE}` }).click();
    await expect(console.now.getByRole('timer')).toContainText(/0[45]:\d\d/);
    await expect(comments().card(COMMENT)).toContainText('Đang phát biểu');
    await console.now.getByRole('button', { name: `Kết thúc: ${HUE}` }).click();
    await expect(console.now).toContainText('Chưa mời ai phát biểu.');
    await expect(comments().card(COMMENT)).toContainText('Đã phát biểu');
    await expect(phone.page.getByRole('alert')).toHaveCount(0);
  });
});

test('two desks count the hall without a network and agree as soon as there is one', async ({ server, device }) => {
  const [one, two] = await Promise.all([device('s01'), device('s02')]);
  const [first, second] = [new Scan(one.page), new Scan(two.page)];
  for (const scan of [first, second]) {
    await scan.open();
    await scan.waitUntilKept();
    await scan.expectPresent(0);
  }
  await server.stop();
  await Promise.all([one, two].map(phone => phone.app.expectOffline()));

  await test.step('each records two people, one of them on both', async () => {
    await first.mark('vu thi hue', HUE);
    await first.mark('tong huy quang', 'Tống Huy Quang');
    await second.mark('vu thi hue', HUE);
    await second.mark('chu thi tam', 'Chu Thị Tâm');
    await first.expectPresent(2);
    await second.expectPresent(2);
    await one.restart('/scan');
  });

  await test.step('both show three present of 246', async () => {
    await server.start();
    for (const phone of [one, two]) {
      await phone.app.retryNow();
      const scan = new Scan(phone.page);
      await scan.expectPresent(3);
      await expect(scan.share).toHaveText(/đạt 1,22\s?% so với 246 đại biểu được triệu tập/);
      await scan.search.fill('vu thi hue');
      await expect(scan.row(HUE)).toContainText('2 lần ghi');
    }
  });
});
