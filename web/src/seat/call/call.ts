/**
 * The call of this page, apart from all views: two links, what is sent on the one and heard on the
 * other. In a lobby nothing is sent; the links are up there already, so that nobody waits later.
 */
import { effect, signal } from "@preact/signals";
import type { Links, SignalOut, View } from "../../wire/protocol.gen";
import type { Wire } from "../../wire/wire";
import { camera, microphone } from "./capture";
import { Down } from "./down";
import { type Line, Playback } from "./playback";
import { shared } from "./screen";
import { Up } from "./up";
import * as voices from "./voices";

/** The tracks of the slots' pictures, by slot. */
export const pictures = signal<MediaStreamTrack[]>([]);
/** The track of the line on which a shared screen comes; whose it is, `routes.screen` says. */
export const screenPicture = signal<MediaStreamTrack | null>(null);
/** Voice and picture do not get through; it is being tried again. */
export const failing = signal(false);
/** Whether this browser can carry voice and picture at all. */
export const possible = typeof RTCPeerConnection !== "undefined";

export interface Expected {
  voice: string | null;
  picture: string | null;
}

export class Call {
  /** How the others come out here. */
  readonly playback = new Playback();
  private readonly up = signal<Up | null>(null);
  private down: Down | null = null;
  private ids: Links | null = null;
  private readonly stop: () => void;

  constructor(
    private readonly wire: Pick<Wire, "signal" | "rebuild">,
    view: { readonly value: View | null },
    /** Whose voice, and whose moving picture, is to come in each slot just now. */
    private readonly expected: () => readonly Expected[],
  ) {
    this.stop = effect(() => {
      const sent = sending(view.value);
      const audio = microphone.value;
      if (audio) audio.enabled = sent.audio;
      void this.up.value?.send(
        sent.audio ? audio : null,
        sent.video ? camera.value : null,
        sent.screen ? shared.value : null,
      );
    });
  }

  /** New links: the old ones are dropped, and this side offers on `up`. */
  renew(links: Links): void {
    if (!possible) return;
    this.drop();
    this.ids = links;
    const servers = links.ice_servers as unknown as RTCIceServer[];
    const lost = () => this.lost(links);
    const up = new Up(
      servers,
      (kind, sdp) => this.wire.signal({ link: links.up, kind, sdp }),
      lost,
    );
    const down = new Down(
      servers,
      (kind, sdp) => this.wire.signal({ link: links.down, kind, sdp }),
      lost,
    );
    down.onSlots = () => {
      pictures.value = down.pictures;
      screenPicture.value = down.screen;
      voices.hear(down.voices);
    };
    this.playback.renew();
    down.onLook = (stats) => this.look(down, stats);
    up.onLook = (stats) => this.playback.lookUp(up.starved(stats));
    const connected = new Set<unknown>();
    for (const link of [up, down]) {
      link.onConnected = () => {
        if (connected.add(link).size === 2) failing.value = false;
      };
    }
    this.down = down;
    this.up.value = up;
    void up.offer();
  }

  hear(signal: SignalOut): void {
    const link =
      signal.link === this.ids?.up
        ? this.up.peek()
        : signal.link === this.ids?.down
          ? this.down
          : null;
    link?.hear(signal).catch(() => this.ids && this.lost(this.ids));
  }

  close(): void {
    this.stop();
    this.drop();
    failing.value = false;
    voices.silence();
  }

  private lost(links: Links): void {
    if (links !== this.ids) return;
    failing.value = true;
    this.drop();
    this.wire.rebuild();
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

  private drop(): void {
    this.up.peek()?.close();
    this.down?.close();
    this.up.value = null;
    this.down = null;
    this.ids = null;
    pictures.value = [];
    screenPicture.value = null;
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
