/** The two links of a seat that belong together: they are made, shown and closed as one. */
import type { Links, SignalIn, SignalOut } from "../../wire/protocol.gen";
import { Down } from "./down";
import type { Mood } from "./link";
import { Up } from "./up";

/** Whom a pair tells what happens to it. */
export interface Owner {
  signal(signal: SignalIn): void;
  /** Both links are connected. */
  connected(pair: Pair): void;
  /** One of them is gone, and with it both. */
  lost(pair: Pair): void;
  /** It may not carry for much longer. */
  doubted(pair: Pair): void;
  /** The lines of the down link are there. */
  lined(pair: Pair): void;
}

export class Pair {
  readonly up: Up;
  readonly down: Down;
  private over = false;

  constructor(
    private readonly links: Links,
    owner: Owner,
  ) {
    const servers = links.ice_servers as unknown as RTCIceServer[];
    const told = (mood: Mood) => this.told(mood, owner);
    const on = (link: string) => (kind: SignalIn["kind"], sdp: string) =>
      owner.signal({ link, kind, sdp });
    this.up = new Up(servers, on(links.up), told);
    this.down = new Down(servers, on(links.down), told);
    this.down.onSlots = () => owner.lined(this);
    void this.up.offer();
  }

  get connected(): boolean {
    return !this.over && this.up.connected && this.down.connected;
  }

  /** Whether the signal was for one of these links. */
  hear(signal: SignalOut): boolean {
    const { up, down } = this.links;
    const link = signal.link === up ? this.up : signal.link === down ? this.down : null;
    void link?.hear(signal);
    return link !== null;
  }

  /** Find out now whether anything still comes. */
  look(): void {
    this.up.look();
    this.down.look();
  }

  close(): void {
    this.over = true;
    this.up.close();
    this.down.close();
  }

  private told(mood: Mood, owner: Owner): void {
    if (this.over) return;
    if (mood === "lost") {
      this.close();
      owner.lost(this);
    } else if (mood === "doubted") owner.doubted(this);
    else if (this.connected) owner.connected(this);
  }
}
