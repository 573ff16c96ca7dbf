/** Asking for new links until there are some: at once, and then less and less often. */

/** The server's answer is new links; without any by then it is asked again. */
const ANSWER_MS = 5000;
const FIRST_MS = 1000;
const LONGEST_MS = 4000;

export class Asking {
  private timer: number | undefined;
  private delay = 0;

  constructor(private readonly send: () => void) {}

  /** Unless that is under way. */
  ask(): void {
    if (this.timer !== undefined) return;
    if (this.delay === 0) this.asked();
    else this.timer = window.setTimeout(() => this.asked(), this.delay);
  }

  /** Whatever was tried before: it was on another network. */
  now(): void {
    this.settled();
    this.answered();
    this.ask();
  }

  /** New links are there; whether they come up is to be seen. */
  answered(): void {
    window.clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** They work. */
  settled(): void {
    this.delay = 0;
  }

  private asked(): void {
    this.delay = Math.min(LONGEST_MS, Math.max(FIRST_MS, 2 * this.delay));
    this.timer = window.setTimeout(() => {
      this.timer = undefined;
      this.ask();
    }, ANSWER_MS);
    this.send();
  }
}
