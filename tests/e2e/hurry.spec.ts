// Somebody in a hurry: taps on and on, before the screens have finished what they began. No screen may touch what it
// left behind. The walk is by chance, and the same each time.
import { chance } from './support/chance.ts';
import { expect, test } from './support/fixtures.ts';

const PEOPLE = [
  { person: 'p100', who: 'a delegate' },
  { person: 'p001', who: 'a chair' },
];
const TAPS = 150;
/** A finger's pause at most, milliseconds; mostly there is none to speak of. */
const PAUSE_MS = 120;

/** Taps links of the app, whichever are on the page at that moment, and at times goes back. */
const walk = async ({ turns, pauseMs }: { turns: number[]; pauseMs: number }): Promise<string[]> => {
  const trail: string[] = [];
  for (const turn of turns) {
    const links = [...document.querySelectorAll<HTMLAnchorElement>('a[href^="/"]:not(.outline__link), summary, .reader button[aria-pressed], [role="tab"]')];
    const link = links[Math.floor(turn * links.length)];
    if (!link || turn > 0.97) history.back();
    else link.click();
    trail.push(location.pathname);
    const again = (turn * 7919) % 1;
    await new Promise(done => setTimeout(done, again ** 3 * pauseMs));
  }
  return trail;
};

for (const { person, who } of PEOPLE) {
  test(`${who} in a hurry never breaks the app`, async ({ device }) => {
    const phone = await device(person);
    const slow = await phone.context.newCDPSession(phone.page);
    await slow.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    const next = chance(1);
    for (let round = 0; round < 3; round += 1) {
      // From a document, whose text takes longest to come.
      await phone.goto('/documents/bao-cao-chinh-tri');
      const turns = Array.from({ length: TAPS / 3 }, next);
      const trail = await phone.page.evaluate(walk, { turns, pauseMs: PAUSE_MS });
      expect(new Set(trail).size, 'screens that were seen').toBeGreaterThan(5);
      await expect(phone.page.locator('html'), trail.slice(-5).join(' ')).toHaveAttribute('data-app', 'ready');
    }
    await expect(phone.page.locator('#lifeboat')).toBeHidden();
  });
}
