/**
 * Several films that belong together, played as one: `[data-player]` with a video of each person.
 * The clock is one of them; the others follow it, by a little speed or by a jump.
 */

const NEAR_S = 0.03;
const FAR_S = 0.25;
const LOOK_MS = 250;

function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${`${whole % 60}`.padStart(2, "0")}`;
}

class Player {
  private readonly films: HTMLVideoElement[];
  private readonly seek: HTMLInputElement;
  private readonly now: HTMLElement;
  private readonly stalled: HTMLElement;
  private readonly ends: number;
  private wanted = false;
  private speed = 1;
  private held = false;

  constructor(root: HTMLElement) {
    this.films = [...root.querySelectorAll("video")];
    this.seek = root.querySelector<HTMLInputElement>("[data-seek]") as HTMLInputElement;
    this.now = root.querySelector<HTMLElement>("[data-now]") as HTMLElement;
    this.stalled = root.querySelector<HTMLElement>("[data-stalled]") as HTMLElement;
    this.ends = Number(root.dataset.ms) / 1000;
    for (const film of this.films) film.controls = false;
    const controls = root.querySelector<HTMLElement>("[data-controls]");
    if (controls) controls.hidden = false;
    root.querySelector("[data-play]")?.addEventListener("click", () => this.play());
    root.querySelector("[data-pause]")?.addEventListener("click", () => this.pause());
    for (const button of root.querySelectorAll<HTMLElement>("[data-skip]"))
      button.addEventListener("click", () => this.to(this.at + Number(button.dataset.skip)));
    for (const button of root.querySelectorAll<HTMLElement>("[data-to]"))
      button.addEventListener("click", () => this.to(Number(button.dataset.to) / 1000));
    this.seek.addEventListener("input", () => this.to(Number(this.seek.value) / 1000));
    const speed = root.querySelector<HTMLSelectElement>("[data-speed]");
    speed?.addEventListener("change", () => {
      this.speed = Number(speed.value);
      for (const film of this.films) film.playbackRate = this.speed;
    });
    window.setInterval(() => this.look(), LOOK_MS);
  }

  private get leader(): HTMLVideoElement | undefined {
    return this.films[0];
  }

  private get at(): number {
    return this.leader?.currentTime ?? 0;
  }

  private play(): void {
    this.wanted = true;
    if (this.at >= this.ends - 0.1) this.to(0);
    this.look();
  }

  private pause(): void {
    this.wanted = false;
    for (const film of this.films) film.pause();
  }

  private to(seconds: number): void {
    const at = Math.min(Math.max(0, seconds), this.ends);
    for (const film of this.films) film.currentTime = at;
    this.show(at);
  }

  private look(): void {
    const leader = this.leader;
    if (!leader) return;
    this.show(leader.currentTime);
    if (!this.wanted) return;
    if (leader.ended || leader.currentTime >= this.ends - 0.05) {
      this.pause();
      return;
    }
    // All together or not at all: while one has nothing to show yet, the others wait for it.
    const waits = this.films.some((film) => film.readyState < film.HAVE_FUTURE_DATA && !film.ended);
    this.stalled.hidden = !waits;
    if (waits !== this.held || leader.paused !== waits) {
      this.held = waits;
      for (const film of this.films) {
        if (waits) film.pause();
        else if (film.paused && !film.ended) void film.play().catch(() => this.pause());
      }
    }
    if (!waits) for (const film of this.films.slice(1)) this.follow(film, leader.currentTime);
  }

  private follow(film: HTMLVideoElement, at: number): void {
    if (film.ended || film.seeking) return;
    const late = at - film.currentTime;
    if (Math.abs(late) > FAR_S) {
      film.currentTime = at;
      film.playbackRate = this.speed;
    } else if (Math.abs(late) > NEAR_S) {
      film.playbackRate = this.speed * (1 + Math.max(-0.1, Math.min(0.1, late)));
    } else film.playbackRate = this.speed;
  }

  private show(seconds: number): void {
    this.now.textContent = clock(seconds);
    if (document.activeElement !== this.seek) this.seek.value = `${seconds * 1000}`;
  }
}

for (const root of document.querySelectorAll<HTMLElement>("[data-player]")) new Player(root);
