// Everyone can use it: by screen reader, by keyboard, with large letters, on the narrowest phone.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { Comments, Compose } from './pages/comments.ts';
import { Console } from './pages/console.ts';
import { Documents } from './pages/documents.ts';
import { More } from './pages/more.ts';
import { Scan } from './pages/scan.ts';
import { type Device, expect, test } from './support/fixtures.ts';
import { Pen } from './support/pen.ts';
import type { TestServer } from './support/server.ts';

/** A screen with what it needs to be full. */
type Screen = [address: string, heading: string | RegExp];

const READING: Screen[] = [
  ['/agenda', 'Chương trình'],
  ['/agenda/trinh-bao-cao-chinh-tri', /^Trình bày tóm tắt/],
  ['/documents', 'Văn kiện'],
  ['/documents?q=sinh+hoat+chi+bo', 'Văn kiện'],
  ['/documents/noi-quy', /^Nội quy/],
  ['/notes', 'Ghi chú của tôi'],
  ['/check-in', 'Điểm danh'],
  ['/more', 'Thêm'],
  ['/e', 'Sổ tay Đại biểu'],
  ['/khong-co-trang-nay', 'Không có trang này'],
];

const DELEGATE: Screen[] = [
  ...READING,
  ['/comments', 'Ý kiến'],
  ['/comments/new?document=noi-quy', 'Viết ý kiến'],
  ['/comments/new?document=noi-quy&block=1&note=1', 'Ghi chú'],
];

const ROLES: { who: string; person: string; screens: Screen[] }[] = [
  { who: 'a delegate', person: 'p100', screens: DELEGATE },
  { who: 'a guest', person: 'k01', screens: [['/agenda', 'Chương trình'], ['/comments', 'Ý kiến'], ['/check-in', 'Điểm danh']] },
  { who: 'the presidium', person: 'p001', screens: [['/console', 'Điều hành'], ['/agenda/dien-van-khai-mac', /^Diễn văn/], ['/more', 'Thêm']] },
  { who: 'the secretariat', person: 'p010', screens: [['/console', 'Điều hành'], ['/agenda/dien-van-khai-mac', /^Diễn văn/]] },
  { who: 'a desk', person: 's01', screens: [['/scan', 'Quét thẻ'], ['/comments', 'Ý kiến'], ['/check-in', 'Điểm danh']] },
  { who: 'an organiser', person: 's07', screens: [['/operations', 'Vận hành'], ['/more', 'Thêm']] },
];

/** A look, and what it can break. The first is looked at in full. */
const LOOKS: { name: string; theme: string; text: string; rules?: string[] }[] = [
  { name: 'light', theme: 'light', text: '18' },
  { name: 'dark', theme: 'dark', text: '18', rules: ['color-contrast', 'link-in-text-block'] },
  { name: 'in the largest letters', theme: 'light', text: '24', rules: ['color-contrast', 'target-size', 'scrollable-region-focusable'] },
];

/** Comments in every state that a list can show, and a queue. */
async function fill(server: TestServer): Promise<void> {
  const pen = await Pen.of(server, 'p101');
  await pen.submit({ text: 'Đề nghị làm rõ nguồn lực thực hiện.', stance: 'disagree', floor: 7 }, { text: 'Nhất trí.' });
}

/** A draft, and a comment that was received. */
async function write(phone: Device): Promise<void> {
  await phone.app.go('Ý kiến');
  await new Comments(phone.page).submit({ text: 'Ý kiến đã gửi.', floor: 5, stance: 'Tán thành một phần' });
  await expect(new Comments(phone.page).card('Ý kiến đã gửi.')).toContainText('Đã nhận');
  await phone.goto('/comments/new?item=thao-luan-hoi-truong');
  const compose = new Compose(phone.page);
  await compose.text.fill('Ý kiến đang viết.');
  await expect(compose.saved).toBeVisible();
}

/** As it is set in "Thêm". */
async function look(page: Page, theme: string, text: string): Promise<void> {
  await page.evaluate(
    ([theme, text]) => Object.assign(document.documentElement.dataset, { theme, text }),
    [theme, text] as const,
  );
}

/** What axe calls serious or critical, in words for the report. */
async function barriers(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page }).exclude('#lifeboat');
  const { violations, passes } = await (rules ? axe.withRules(rules) : axe).analyze();
  expect(passes.length, 'axe has looked').toBeGreaterThan(rules ? 0 : 10);
  const heavy = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return heavy.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(node => node.html).join(' | ')}`);
}

async function open(phone: Device, [address, heading]: Screen): Promise<void> {
  await phone.goto(address);
  await expect(phone.app.heading(heading)).toBeVisible();
}

for (const { who, person, screens } of ROLES) {
  test(`no screen of ${who} holds a barrier, in any look, and each has one heading`, { tag: '@tablet' }, async ({ server, device }, info) => {
    test.slow();
    await fill(server);
    const phone = await device(person);
    if (person === 'p100') await write(phone);
    if (screens.some(([address]) => address === '/console')) await new Console(phone.page).open();
    // The tablet has other places for the same parts: one look is enough there.
    const looks = info.project.name === 'tablet' ? LOOKS.slice(0, 1) : LOOKS;
    for (const screen of screens) {
      await open(phone, screen);
      await expect.soft(phone.page.getByRole('heading', { level: 1 }), screen[0]).toHaveCount(1);
      for (const { name, theme, text, rules } of looks) {
        await look(phone.page, theme, text);
        expect.soft(await barriers(phone.page, rules), `${screen[0]} ${name}`).toEqual([]);
      }
    }
  });
}

test('nobody has to scroll sideways on the narrowest phone, in any text size', async ({ server, device }) => {
  test.slow();
  await fill(server);
  const context = { viewport: { width: 320, height: 568 } };
  const [phone, table, desk, organiser] = [
    await device('p100', { context }),
    await device('p001', { context }),
    await device('s01', { context }),
    await device('s07', { context }),
  ];
  await write(phone);
  const visits: [Device, Screen][] = [
    ...DELEGATE.map(screen => [phone, screen] as [Device, Screen]),
    [phone, ['/documents/bao-cao-chinh-tri', /Báo cáo chính trị/]],
    [table, ['/console', 'Điều hành']],
    [desk, ['/scan', 'Quét thẻ']],
    [organiser, ['/operations', 'Vận hành']],
  ];
  for (const [one, screen] of visits) {
    await open(one, screen);
    for (const text of ['18', '24']) {
      await look(one.page, 'light', text);
      const wide = await one.page.evaluate(() => {
        const room = document.documentElement.clientWidth;
        const isInside = (element: Element) => {
          for (let at = element.parentElement; at; at = at.parentElement) {
            if (/auto|scroll|hidden|clip/.test(getComputedStyle(at).overflowX)) return true;
          }
          return false;
        };
        const out = [...document.querySelectorAll('body *')].filter(
          element => element.getBoundingClientRect().right > room + 1 && !isInside(element) && element.checkVisibility(),
        );
        return { over: document.scrollingElement!.scrollWidth - room, out: out.slice(0, 3).map(element => element.outerHTML.slice(0, 120)) };
      });
      expect.soft(wide, `${screen[0]} at ${text} px`).toEqual({ over: 0, out: [] });
    }
  }
});

test('what can be tapped is large enough for a thumb', async ({ server, device }) => {
  await fill(server);
  const [phone, table, desk, organiser] = [await device('p100'), await device('p001'), await device('s01'), await device('s07')];
  await write(phone);
  const visits: [Device, Screen][] = [...DELEGATE.map(screen => [phone, screen] as [Device, Screen]), [table, ['/console', 'Điều hành']], [desk, ['/scan', 'Quét thẻ']], [organiser, ['/operations', 'Vận hành']]];
  for (const [one, screen] of visits) {
    await open(one, screen);
    // Links inside a sentence are as high as its lines (WCAG 2.5.8).
    const small = await one.page.evaluate(() => {
      const targets = [...document.querySelectorAll('button, a[href], input, select, textarea, summary')];
      const area = (element: Element) => (element.closest('label') ?? element).getBoundingClientRect();
      return targets
        .filter(element => element.checkVisibility() && !element.closest('p, li > p, .skip-link, [hidden]') && !element.matches('.skip-link'))
        .filter(element => getComputedStyle(element).display !== 'inline')
        .map(element => ({ name: (element.textContent || element.getAttribute('aria-label') || element.id).trim().slice(0, 40), box: area(element) }))
        .filter(({ box }) => box.height > 0 && (box.height < 43.5 || box.width < 43.5))
        .map(({ name, box }) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`);
    });
    expect.soft(small, screen[0]).toEqual([]);
  }
});

test('tabs, a document, a comment and a dialog can be reached and used by keyboard alone', { tag: '@tablet' }, async ({ device }) => {
  const phone = await device('p100');
  const { page } = phone;
  await phone.goto('/agenda');
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
  /** Presses Tab until the focus stands on these words. */
  const tabTo = async (words: string | RegExp, key = 'Tab') => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press(key);
      const text = await focused();
      if (typeof words === 'string' ? text === words : words.test(text)) return;
    }
    throw new Error(`no way to ${words} by keyboard`);
  };

  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Đến nội dung');
  await tabTo('Văn kiện');
  await page.keyboard.press('Enter');
  await expect(phone.app.heading('Văn kiện')).toBeFocused();

  await tabTo(/^Nội quy Đại hội/);
  await page.keyboard.press('Enter');
  await expect(phone.app.heading(/^Nội quy Đại hội/)).toBeFocused();
  await tabTo(/^Đại biểu/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'Góp ý đoạn này' })).toBeFocused();
  await page.keyboard.press('Enter');

  await expect(phone.app.heading('Viết ý kiến')).toBeFocused();
  const compose = new Compose(page);
  for (let presses = 0; presses < 10 && !(await compose.text.evaluate(text => text === document.activeElement)); presses++) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.type('Viết bằng bàn phím.');
  await tabTo('Gửi');
  await page.keyboard.press('Enter');
  await expect(new Comments(page).card('Viết bằng bàn phím.')).toContainText('Đã nhận, số 1');

  await test.step('a dialog gives the focus back', async () => {
    const badge = page.getByRole('banner').getByRole('button');
    await badge.focus();
    await page.keyboard.press('Enter');
    await expect(phone.app.sheet).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(phone.app.sheet).toBeHidden();
    await expect(badge).toBeFocused();
  });
});

test('the desk works by keyboard: type, find, mark, next', async ({ device }) => {
  const phone = await device('s01');
  const scan = new Scan(phone.page);
  await scan.open();
  await scan.search.focus();
  await phone.page.keyboard.type('hue vu');
  await expect(scan.rows).toHaveCount(1);
  await phone.page.keyboard.press('Tab');
  await expect(scan.markButton('Vũ Thị Huệ')).toBeFocused();
  await phone.page.keyboard.press('Enter');
  await expect(scan.search).toBeFocused();
  await expect(scan.search).toHaveValue('');
  await scan.expectPresent(1);
});

test('the way back is where one left, and a language that is chosen names everything', async ({ device }) => {
  const phone = await device('p100');
  await phone.app.go('Văn kiện');
  const row = new Documents(phone.page).row('Hướng dẫn sinh hoạt').first();
  await row.getByRole('link').first().click();
  await expect(phone.app.heading('Hướng dẫn sinh hoạt của đại biểu')).toBeFocused();
  await phone.page.goBack();
  await expect(row).toBeInViewport();
  await phone.app.go('Thêm');
  await new More(phone.page).choice('Ngôn ngữ', 'English').click();
  await expect(phone.page.getByRole('link', { name: 'Documents' })).toBeVisible();
  await expect(phone.page.locator('html')).toHaveAttribute('lang', 'en');
});
