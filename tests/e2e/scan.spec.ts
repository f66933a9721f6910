// The desk at the door: quick, without a network, and never counting anybody twice.
import { Scan } from './pages/scan.ts';
import { expect, test } from './support/fixtures.ts';

const HUE = 'Vũ Thị Huệ';

test('a person is found by name without accents, by badge number and by the code on the badge', { tag: '@tablet' }, async ({ device }) => {
  const [phone, delegate] = await Promise.all([device('s01'), device('p100', { size: 'phone' })]);
  await delegate.app.go('Điểm danh');
  const code = (await delegate.page.locator('.pass__code').innerText()).match(/[A-Z0-9]{6}$/)?.[0] ?? '';
  const scan = new Scan(phone.page);
  await scan.open();

  for (const query of ['vu thi hue', 'hue vu', '100', code.toLowerCase()]) {
    await scan.search.fill(query);
    await expect(scan.row(HUE), `by ${query}`).toBeVisible();
  }
  await expect(scan.rows.first()).toContainText(HUE);
  await scan.search.fill('nguyen van');
  await expect(scan.found).toHaveText(/^\d\d? người$/);
  await expect(scan.rows.first()).toContainText(/Nguyễn Văn/);
  await scan.search.fill('khong co ai ten nay');
  await expect(phone.page.getByText('Không thấy ai khớp')).toBeVisible();
});

test('present is said at once, counted against those convened, and the delegate sees it too', async ({ device }) => {
  const [phone, delegate] = await Promise.all([device('s01'), device('p100')]);
  await delegate.app.go('Điểm danh');
  await expect(delegate.app.main.getByText(/Chưa ghi nhận điểm danh/)).toBeVisible();
  const scan = new Scan(phone.page);
  await scan.open();
  await scan.expectPresent(0);
  await scan.mark('hue vu', HUE);
  await expect(scan.search).toHaveValue('');
  await scan.expectPresent(1);
  await expect(scan.share).toHaveText(/đạt 0,41\s?% so với 246/);
  await scan.search.fill('hue vu');
  await expect(scan.row(HUE)).toContainText(/Đã ghi \d\d:\d\d/);
  await expect(delegate.app.main.getByText(/^Đã điểm danh lúc \d\d:\d\d$/)).toBeVisible();

  await test.step('alternates and guests are counted apart', async () => {
    await scan.mark('pham anh loi', 'Phạm Anh Lợi');
    await scan.expectPresent(1);
    await expect(phone.app.main.getByText('Dự khuyết: 1/12')).toBeVisible();
  });
});

test('a mistake is taken back after a question', async ({ device }) => {
  const phone = await device('s01');
  const scan = new Scan(phone.page);
  await scan.open();
  await scan.mark('hue vu', HUE);
  await scan.search.fill('hue vu');
  const question = phone.page.getByRole('dialog', { name: 'Bỏ đánh dấu' });
  await scan.takeBackButton(HUE).click();
  await expect(question).toContainText(`Bỏ đánh dấu có mặt của đồng chí ${HUE}`);
  await question.getByRole('button', { name: 'Giữ nguyên' }).click();
  await scan.expectPresent(1);
  await scan.takeBackButton(HUE).click();
  await question.getByRole('button', { name: 'Bỏ đánh dấu' }).click();
  await scan.expectPresent(0);
  await expect(scan.markButton(HUE)).toBeVisible();
});

test('two desks that record the same person count one', async ({ server, device }) => {
  const [one, two] = await Promise.all([device('s01'), device('s02')]);
  const [first, second] = [new Scan(one.page), new Scan(two.page)];
  await Promise.all([first.open(), second.open()]);
  await server.stop();
  await Promise.all([first.mark('hue vu', HUE), second.mark('hue vu', HUE)]);
  await server.start();
  for (const phone of [one, two]) await phone.app.retryNow();
  for (const scan of [first, second]) {
    await scan.expectPresent(1);
    await scan.search.fill('hue vu');
    await expect(scan.row(HUE)).toContainText('2 lần ghi');
  }
  await test.step('the list can show who is still missing', async () => {
    await first.search.fill('');
    await one.page.getByRole('combobox', { name: 'Hiện' }).selectOption('Đã có mặt');
    await expect(first.rows).toHaveCount(1);
    await one.page.getByRole('combobox', { name: 'Hiện' }).selectOption('Chưa có mặt');
    await expect(first.found).not.toHaveText('1 người');
    await expect(first.row(HUE)).toHaveCount(0);
  });
});

test('somebody who is no desk is told whose screen it is', async ({ device }) => {
  const phone = await device('p100');
  await expect(phone.app.tab('Quét thẻ')).toHaveCount(0);
  await phone.goto('/scan');
  await expect(phone.app.main.getByText('Màn hình của bộ phận điểm danh')).toBeVisible();
});
