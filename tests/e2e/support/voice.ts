// The edge of the browser where words become sound: the voices of a device, and what it was told to say.
import type { Page } from '@playwright/test';

/** What the page knows of its voices, for tests to look at. */
interface Spoken {
  said: string[];
  /** The words that are being said, and none after they ended or were cut off. */
  now: { text: string; lang: string; onend: (() => void) | null; onerror: (() => void) | null } | null;
}

/** From the next page on the device has these voices, by their languages. */
export async function giveVoices(page: Page, languages: string[]): Promise<void> {
  await page.addInitScript(languages => {
    const spoken: Spoken = { said: [], now: null };
    const voices = languages.map(lang => ({ lang, name: lang, localService: true, default: false, voiceURI: lang }));
    const speech = {
      get speaking() { return spoken.now !== null; },
      pending: false,
      paused: false,
      getVoices: () => voices,
      speak: (words: NonNullable<Spoken['now']>) => {
        spoken.now = words;
        spoken.said.push(words.text);
      },
      cancel: () => {
        const cut = spoken.now;
        spoken.now = null;
        cut?.onerror?.();
      },
    };
    class Utterance {
      text: string;
      lang = '';
      voice: unknown = null;
      onend: (() => void) | null = null;
      onerror: (() => void) | null = null;
      constructor(text: string) { this.text = text; }
    }
    Object.defineProperty(window, 'speechSynthesis', { value: speech, configurable: true });
    Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: Utterance, configurable: true });
    Object.defineProperty(window, 'spoken', { value: spoken });
  }, languages);
}

/** All that was said so far, and whether something is being said. */
export async function spoken(page: Page): Promise<{ said: string[]; speaking: boolean }> {
  return page.evaluate(() => {
    const { said, now } = (window as unknown as { spoken: Spoken }).spoken;
    return { said, speaking: now !== null };
  });
}

/** The voice has come to the end of its words. */
export async function endSentence(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { spoken } = window as unknown as { spoken: Spoken };
    const said = spoken.now;
    spoken.now = null;
    said?.onend?.();
  });
}
