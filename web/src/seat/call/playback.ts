/**
 * How the others come out on this page, and what slows one's own picture down: added up from the
 * browser's own counts, once a second, and told to the server once a minute.
 */
import type { Playback as Told } from "../../wire/protocol.gen";

/** What this needs of an `inbound-rtp` report; the browser counts since the link began. */
export interface Counts {
  framesReceived?: number;
  framesDecoded?: number;
  framesDropped?: number;
  freezeCount?: number;
  totalFreezesDuration?: number;
  concealedSamples?: number;
  silentConcealedSamples?: number;
}

/** One line of the down link. `who`: whose moving picture or voice is to come in it, if any. */
export interface Line {
  who: string | null;
  counts: Counts;
}

const SAMPLES_A_MS = 48;

export class Playback {
  private before = new Map<string, Line & { new: boolean }>();
  private sums: Partial<Record<keyof Counts, number>> = {};
  private starvedBefore: number | null = null;
  private starved: number | null = null;

  /** Another link counts from the beginning. */
  renew(): void {
    this.before.clear();
    this.starvedBefore = null;
  }

  /** The lines by what they are called; to be called once a second. */
  look(lines: ReadonlyMap<string, Line>): void {
    for (const [name, line] of lines) this.lookAt(name, line);
  }

  /** Seconds for which one's own picture has been made smaller because the network was slow. */
  lookUp(seconds: number | undefined): void {
    if (seconds === undefined) return;
    const more = this.starvedBefore === null ? 0 : Math.max(0, seconds - this.starvedBefore);
    this.starvedBefore = seconds;
    this.starved = (this.starved ?? 0) + more;
  }

  /** What came since the last time. */
  take(): Told {
    const { sums, starved } = this;
    this.sums = {};
    this.starved = null;
    const concealed = sums.concealedSamples;
    const audible = concealed && concealed - (sums.silentConcealedSamples ?? 0);
    const { framesReceived: came = 0, framesDropped: dropped } = sums;
    return {
      freezes: whole(sums.freezeCount, 10_000),
      frozen_ms: whole(scaled(sums.totalFreezesDuration, 1000), 480_000),
      concealed_ms: whole(scaled(audible, 1 / SAMPLES_A_MS), 480_000),
      dropped: dropped === undefined || came === 0 ? null : Math.min(1, dropped / came),
      starved_s: whole(starved ?? undefined, 60),
    };
  }

  /**
   * A line is empty for a while, then somebody else's: browsers count that as one long freeze, at
   * the first picture that comes then. Only between two pictures of the same person is it one.
   */
  private lookAt(name: string, line: Line): void {
    const before = this.before.get(name);
    const same = before !== undefined && line.who !== null && before.who === line.who;
    const begun = !before?.new || moved(before.counts, line.counts);
    this.before.set(name, { ...line, new: !same || !begun });
    if (!same || before.new) return;
    for (const key of KEYS) {
      const now = line.counts[key];
      if (now === undefined) continue;
      const more = now - (before.counts[key] ?? 0);
      this.sums[key] = (this.sums[key] ?? 0) + Math.max(0, more);
    }
  }
}

const KEYS = [
  "framesReceived",
  "framesDropped",
  "freezeCount",
  "totalFreezesDuration",
  "concealedSamples",
  "silentConcealedSamples",
] as const satisfies readonly (keyof Counts)[];

/** A voice has no pictures: it has begun at once. */
function moved(before: Counts, now: Counts): boolean {
  return now.framesDecoded === undefined || now.framesDecoded > (before.framesDecoded ?? 0);
}

function scaled(value: number | undefined, by: number): number | undefined {
  return value === undefined ? undefined : value * by;
}

function whole(value: number | undefined, most: number): number | null {
  return value === undefined ? null : Math.min(most, Math.max(0, Math.round(value)));
}
