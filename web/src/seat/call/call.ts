/**
 * The call of this page, apart from all views: two links, what is sent on the one and heard on the
 * other. In a lobby nothing is sent; the links are up there already, so that nobody waits later.
 *
 * Links that are doubted, since the network is another one or the page was asleep, are replaced
 * while they still carry: the others are connected first. Those that are lost are asked for anew.
 */
import { effect, signal } from "@preact/signals";
import type { Links, SignalOut, View } from "../../wire/protocol.gen";
import type { Wire } from "../../wire/wire";
import { Asking } from "./asking";
import { camera, microphone } from "./capture";
import type { Down } from "./down";
import { Pair } from "./pair";
import { type Line, Playback } from "./playback";
import { shared } from "./screen";
import * as voices from "./voices";

/** The tracks of the slots' pictures, by slot. */
export const pictures = signal<MediaStreamTrack[]>([]);
/** The track of the line on which a shared screen comes; whose it is, `routes.screen` says. */
export const screenPicture = signal<MediaStreamTrack | null>(null);
/** Voice and picture do not get through; it is being tried again. */
export const failing = signal(false);
/** Whether this browser can carry voice and picture at all. */
export const possible = typeof RTCPeerConnection !== "undefined";

/** How long nothing may come through before one is told. */
const FAILING_MS = 1500;

export interface Expected {
  voice: string | null;
  picture: string | null;
}

export class Call {
  /** How the others come out here. */
  readonly playback = new Playback();
  /** The pair in use, and the one that will take its place as soon as it is connected. */
  private readonly pairs = signal<readonly Pair[]>([]);
  private readonly asking: Asking;
  private readonly stop: () => void;
  private trouble: number | undefined;

  constructor(
    private readonly wire: Pick<Wire, "signal" | "rebuild">,
    view: { readonly value: View | null },
    /** Whose voice, and whose moving picture, is to come in each slot just now. */
    private readonly expected: () => readonly Expected[],
  ) {
    this.asking = new Asking(() => wire.rebuild());
    this.stop = effect(() => {
      const sent = sending(view.value);
      const audio = microphone.value;
      if (audio) audio.enabled = sent.audio;
      // On both for a moment, so that nothing is missing when one takes over.
      for (const pair of this.pairs.value) {
        void pair.up.send(
          sent.audio ? audio : null,
          sent.video ? camera.value : null,
          sent.screen ? shared.value : null,
        );
      }
    });
  }

  /** New links: this side offers on `up`. What there is goes on until they are connected. */
  renew(links: Links): void {
    if (!possible) return;
    this.asking.answered();
    const [current, coming] = this.pairs.peek();
    coming?.close();
    const pair = new Pair(links, {
      signal: (signal) => this.wire.signal(signal),
      connected: (one) => this.connected(one),
      lost: (one) => this.lost(one),
      doubted: (one) => this.doubted(one),
      lined: (one) => this.lined(one),
    });
    const inUse = () => pair === this.pairs.peek()[0];
    pair.down.onLook = (stats) => inUse() && this.look(pair.down, stats);
    pair.up.onLook = (stats) => inUse() && this.playback.lookUp(pair.up.starved(stats));
    if (!current) this.playback.renew();
    this.pairs.value = current ? [current, pair] : [pair];
  }

  hear(signal: SignalOut): void {
    this.pairs.peek().some((pair) => pair.hear(signal));
  }

  /** In front again: what became of the links meanwhile is found out now. */
  wake(): void {
    for (const pair of this.pairs.peek()) pair.look();
  }

  /** The network is another one: links on the old one have no future, even if they still work. */
  moved(): void {
    this.asking.now();
  }

  close(): void {
    this.stop();
    this.asking.answered();
    for (const pair of this.pairs.peek()) pair.close();
    this.pairs.value = [];
    this.show();
    this.carries(true);
    voices.silence();
  }

  private connected(pair: Pair): void {
    const [current] = this.pairs.peek();
    if (pair !== current) {
      this.playback.renew();
      this.pairs.value = [pair];
      this.show();
      current?.close();
    }
    this.asking.settled();
    this.carries(true);
  }

  private look(down: Down, stats: RTCStatsReport): void {
    const expected = this.expected();
    const lines = new Map<string, Line>();
    for (const [name, { slot, counts }] of down.counts(stats)) {
      const there = expected[slot];
      const who = name.startsWith("voice") ? there?.voice : there?.picture;
      lines.set(name, { who: who ?? null, counts });
    }
    this.playback.look(lines);
  }

  private lost(pair: Pair): void {
    const [current, coming] = this.pairs.peek();
    this.pairs.value = this.pairs.peek().filter((one) => one !== pair);
    if (pair !== current) return;
    this.playback.renew();
    this.show();
    this.carries(false);
    if (!coming) this.asking.ask();
  }

  private doubted(pair: Pair): void {
    const [current, coming] = this.pairs.peek();
    if (pair === current && !coming) this.asking.ask();
  }

  private lined(pair: Pair): void {
    if (pair === this.pairs.peek()[0]) this.show();
  }

  /** What comes on the pair in use is what one sees and hears. */
  private show(): void {
    const down = this.pairs.peek()[0]?.down;
    pictures.value = down?.pictures ?? [];
    screenPicture.value = down?.screen ?? null;
    if (down) voices.hear(down.voices);
  }

  private carries(yes: boolean): void {
    window.clearTimeout(this.trouble);
    if (yes) failing.value = false;
    else {
      this.trouble = window.setTimeout(() => {
        failing.value = true;
      }, FAILING_MS);
    }
  }
}

/**
 * What may leave this page: nothing from a lobby; a voice only while the server says it is on, and
 * a screen only in the space in which it says that this one is shown.
 */
export function sending(view: View | null): { audio: boolean; video: boolean; screen: boolean } {
  const inside = view?.admitted === true && view.place !== null && view.place !== "lobby";
  return {
    audio: inside && view.microphone,
    video: inside && view.camera,
    screen: inside && view.shown.screen === view.seat,
  };
}
