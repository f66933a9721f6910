// The programme: what is planned, what goes on, and the secretariat who moves it.
import { Agenda, ItemPage } from './pages/agenda.ts';
import { Compose } from './pages/comments.ts';
import { expect, test } from './support/fixtures.ts';

const GREETING = 'Diễn văn khai mạc Đại hội';
const REPORT = 'Trình bày tóm tắt dự thảo Báo cáo chính trị';
const HALL = 'Thảo luận các văn kiện tại hội trường';

test('the days of the congress are tabs, by finger and by keyboard', { tag: '@tablet' }, async ({ device }) => {
  const phone = await device('p100');
  await phone.app.go('Chương trình');
  const agenda = new Agenda(phone.page);
  await expect(agenda.days).toHaveText([/25\/11/, /26\/11/, /27\/11/]);
  await agenda.chooseDay('25/11');
  await expect(agenda.row('Bầu Đoàn Chủ tịch Đại hội')).toContainText('13:45');
  await agenda.day('25/11').press('ArrowRight');
  await expect(agenda.day('26/11')).toBeFocused();
  await expect(agenda.day('26/11')).toHaveAttribute('aria-selected', 'true');
  await expect(agenda.row(GREETING)).toContainText('08:15');

  await test.step('the day and the place in it are there on the way back', async () => {
    await agenda.openItem(HALL);
    await phone.page.goBack();
    await expect(agenda.day('26/11')).toHaveAttribute('aria-selected', 'true');
    await expect(agenda.row(HALL)).toBeInViewport();
  });
});

test('a kind of item can be picked out', async ({ device }) => {
  const phone = await device('p100');
  const agenda = new Agenda(phone.page);
  await phone.goto('/agenda?day=2026-11-26');
  const all = await agenda.rows.count();
  await agenda.kind('Tham luận').click();
  await expect(agenda.rows).toHaveCount(4);
  await expect(agenda.kind('Tham luận')).toHaveAttribute('aria-pressed', 'true');
  await agenda.kind('Tất cả').click();
  await expect(agenda.rows).toHaveCount(all);
});

test('an item’s page says when, who and what belongs to it, and leads to a comment and to the floor', async ({ device }) => {
  const phone = await device('p100');
  await phone.goto('/agenda?day=2026-11-26');
  const item = await new Agenda(phone.page).openItem(REPORT);
  await expect(item.fact('Dự kiến')).toHaveText('08:30–09:10, Thứ Năm 26/11 (40 phút)');
  await expect(item.fact('Điều hành')).toContainText('đồng chí Phạm Quang Tiến');
  await expect(item.fact('Trình bày')).toContainText('đồng chí Nông Thị Bích Hạnh');
  await expect(phone.page.getByRole('link', { name: 'Dự thảo Báo cáo chính trị' })).toBeVisible();

  const compose = new Compose(phone.page);
  await item.comment.click();
  await expect(phone.app.main.getByText(REPORT)).toBeVisible();
  await expect(compose.floor).not.toBeChecked();
  await phone.page.goBack();
  await item.askFloor.click();
  await expect(compose.floor).toBeChecked();
  await expect(compose.minutes).toHaveValue('7');
  await compose.send();
  await expect(phone.app.main.getByText(REPORT)).toBeVisible();
});

test('the secretariat starts and finishes an item, and every phone follows within seconds', async ({ device }) => {
  const [desk, phone] = await Promise.all([device('p010', { size: 'tablet' }), device('p100')]);
  const agenda = new Agenda(phone.page);
  await phone.goto('/agenda?day=2026-11-26');
  await expect(agenda.nowCard).toContainText('Tiếp theo');

  const at = new ItemPage(desk.page);
  await test.step('started: it goes on', async () => {
    await desk.goto('/agenda/dien-van-khai-mac');
    await at.start.click();
    await expect(at.finish).toBeVisible();
    await expect(agenda.nowCard).toContainText('Đang diễn ra');
    await expect(agenda.nowCard).toContainText(GREETING);
    await expect(agenda.row(GREETING)).toContainText('Đang diễn ra');
    await expect(agenda.row(GREETING)).toHaveAttribute('aria-current', 'true');
    await expect(agenda.row(REPORT)).toContainText('Tiếp theo');
  });
  await test.step('the next one is started: the one before is done, after a question', async () => {
    await desk.goto('/agenda/trinh-bao-cao-chinh-tri');
    await at.start.click();
    const question = desk.page.getByRole('dialog', { name: 'Chuyển sang nội dung này?' });
    await expect(question).toContainText(GREETING);
    await question.getByRole('button', { name: 'Bắt đầu' }).click();
    await expect(agenda.nowCard).toContainText(REPORT);
    await expect(agenda.row(GREETING)).toContainText(/xong lúc \d\d:\d\d/);
  });
  await test.step('finished', async () => {
    await at.finish.click();
    await expect(agenda.row(REPORT)).toContainText(/xong lúc \d\d:\d\d/);
    await expect(agenda.nowCard).not.toContainText('Đang diễn ra');
  });
});

test('only the secretariat conducts, and only while the server answers', async ({ server, device }) => {
  const [desk, phone] = await Promise.all([device('p010'), device('p100')]);
  await phone.goto('/agenda/dien-van-khai-mac');
  await expect(new ItemPage(phone.page).title).toHaveText(GREETING);
  await expect(new ItemPage(phone.page).start).toHaveCount(0);
  await desk.goto('/agenda/dien-van-khai-mac');
  const item = new ItemPage(desk.page);
  await expect(item.start).toBeEnabled();
  await server.stop();
  await expect(item.start).toBeDisabled();
  await expect(item.start).toHaveAccessibleDescription('Cần có mạng: việc này chờ máy chủ trả lời.');
});

test('a change of the programme comes to every phone by itself', async ({ server, device }) => {
  const phone = await device('p100');
  await phone.goto('/agenda/dien-van-khai-mac');
  await expect(phone.app.heading(GREETING)).toBeVisible();
  await server.importChanged({
    program: text => text.replace(`title = "${GREETING}"`, `title = "${GREETING} lần thứ XIX"`).replace('start = "08:15"\nminutes = 15', 'start = "08:20"\nminutes = 10'),
  });
  await expect(phone.app.heading(`${GREETING} lần thứ XIX`)).toBeVisible();
  await expect(new ItemPage(phone.page).fact('Dự kiến')).toContainText('08:20');
});

test('an item that is not there says so and leads back', async ({ device }) => {
  const phone = await device('p100');
  await phone.goto('/agenda/khong-co');
  await expect(phone.app.heading('Không có nội dung này')).toBeVisible();
  await phone.app.main.getByRole('link', { name: 'Về Chương trình' }).click();
  await expect(phone.app.heading('Chương trình')).toBeVisible();
});
