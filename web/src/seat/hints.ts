/** When somebody is told that they speak, but are muted: pure, the clock is passed in. */

/** As `level.ts` measures: a voice near the microphone is above it, a quiet room well below. */
const LOUD = 0.55;
/** How many of the last looks, ten a second, have to be loud: about a second of speech. */
const OF = 12;
const ENOUGH = 8;
const AGAIN_MS = 20_000;

export class MutedSpeech {
  private looks: boolean[] = [];
  private told = Number.NEGATIVE_INFINITY;

  /** One look at the level. Returns whether to say something now. */
  look(level: number, now: number): boolean {
    this.looks = [...this.looks, level > LOUD].slice(-OF);
    const speaks = this.looks.filter(Boolean).length >= ENOUGH;
    if (!speaks || now - this.told < AGAIN_MS) return false;
    this.told = now;
    this.looks = [];
    return true;
  }
}
