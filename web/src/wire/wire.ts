/** The socket of one seat: events in order, commands until answered, reconnecting by itself. */
import { io, type Socket } from "socket.io-client";
import { Outbox } from "./outbox";
import {
  type Ack,
  type Commands,
  type Cut,
  type Events,
  type Ladder,
  type Links,
  NAMESPACE,
  type Playback,
  type Point,
  type Pointed,
  type Routes,
  type SignalIn,
  type SignalOut,
  type View,
} from "./protocol.gen";
import { Sequence } from "./sequence";

const ANSWER_MS = 4000;
const RETRY_MS = 1500;
/** A page that was asleep may believe in a connection that is long gone. */
const PROOF_MS = 4000;
/** Where voice and picture have stopped, it deserves less trust still. */
const REBUILD_MS = 1500;
/**
 * A socket, or where none gets through, polling. A transport that failed is struck off for as long as
 * the connection lasts, and a server that begins between the two fails the first: named once more, a
 * socket is tried again beside the polling.
 */
const TRANSPORTS = ["websocket", "polling", "websocket"];
/** Cuts after which the page comes back by itself. */
const PASSING: readonly Cut["code"][] = ["come_back", "restarting", "disk_full", "unknown"];

export interface Listener {
  /** `at`: when, by the server's clock (ISO 8601). */
  changed(view: View, at: string): void;
  links(links: Links): void;
  signal(signal: SignalOut): void;
  routes(routes: Routes): void;
  /** These lists have changed: ask for them again. */
  news(what: readonly string[]): void;
  /** To hosts only: whose microphones seem dead. */
  alerts(silent: readonly string[]): void;
  /** The connection is there, or was lost and is being sought again. */
  connected(yes: boolean): void;
  /** The server stops for a moment, and says so: the page comes back by itself. */
  renewing(): void;
  /** Who speaks in this space, the loudest first. */
  speaking(seats: readonly string[]): void;
  /** Somebody here points at the page that is shown. */
  pointed(told: Pointed): void;
  /** One's open microphone gives no sound, or does again. */
  silentMicrophone(silent: boolean): void;
  /** How much of the others' pictures one's network carries. */
  ladder(how: Ladder["how"]): void;
  /** Seconds each has spoken, told to those who host. */
  talk(seconds: Readonly<Record<string, number>>): void;
  /** The server ended the connection, or would not have it, for good. */
  cut(code: Cut["code"]): void;
}

export class Wire {
  private readonly socket: Socket;
  private readonly sequence = new Sequence();
  private readonly outbox: Outbox;
  private retry: number | undefined;
  private proof: number | undefined;
  private closed = false;
  /** Whose events were counted: a claim has a seat, and numbers, of its own. */
  private counted = "";

  constructor(
    seat: string,
    /** The page's language, asked for at every connection. */
    lang: () => string,
    private readonly listener: Listener,
  ) {
    this.socket = io(NAMESPACE, {
      path: "/socket.io",
      transports: TRANSPORTS,
      tryAllTransports: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: 1000,
      timeout: 5000,
      auth: (give) =>
        give({ seat, last: this.counted === seat ? this.sequence.last : 0, lang: lang() }),
    });
    this.outbox = new Outbox((name, payload, answered) => {
      this.socket
        .timeout(ANSWER_MS)
        .emit(name, payload, (error: Error | null, ack: Ack) => answered(error ? null : ack));
    });
    this.listen();
  }

  /** `id`: that of an earlier attempt, from before a reload, which may have arrived. */
  command<Name extends keyof Commands>(
    name: Name,
    body: Omit<Commands[Name], "id">,
    id?: string,
  ): Promise<Ack> {
    return this.outbox.push(name, body, id);
  }

  signal(signal: SignalIn): void {
    if (this.socket.connected) this.socket.emit("signal", signal);
  }

  /** Where one points; what can't go now is worth nothing later. */
  point(point: Point): void {
    if (this.socket.connected) this.socket.volatile.emit("point", point);
  }

  /**
   * The page's links are lost, or soon will be: ask for new ones. Without a connection they come
   * with the next; a connection that does not answer has been lost with them.
   */
  rebuild(): void {
    const socket = this.socket.id;
    if (!this.socket.connected) return;
    this.socket.timeout(REBUILD_MS).emit("rebuild", {}, (silence: Error | null) => {
      if (silence && !this.closed && this.socket.id === socket) this.again();
    });
  }

  /** These are to keep their places on this page, whoever else speaks. */
  pin(seats: readonly string[]): void {
    if (this.socket.connected) this.socket.emit("pin", { seats });
  }

  /** How high this page shows whose picture; who is not named is not seen. */
  tiles(sizes: Readonly<Record<string, number>>): void {
    if (this.socket.connected) this.socket.emit("tiles", { sizes });
  }

  /** How the others came out here in the last minute. */
  playback(told: Playback): void {
    if (this.socket.connected) this.socket.emit("playback", told);
  }

  /**
   * The page is in front again, or the network is another one: no waiting for the next attempt,
   * and no trust in a connection that does not answer.
   */
  wake(): void {
    if (this.closed) return;
    window.clearTimeout(this.proof);
    if (!this.socket.connected) this.again();
    const socket = this.socket.id;
    this.proof = window.setTimeout(() => {
      if (!this.closed && this.socket.id === socket) this.again();
    }, PROOF_MS);
    const proof = this.proof;
    void this.command("away", { on: document.visibilityState === "hidden" }).then(() =>
      window.clearTimeout(proof),
    );
  }

  close(): void {
    this.closed = true;
    window.clearTimeout(this.retry);
    window.clearTimeout(this.proof);
    this.outbox.pause();
    this.socket.disconnect();
  }

  private listen(): void {
    const { socket, listener } = this;
    socket.on("connect", () => {
      this.sequence.begin();
      listener.connected(true);
      this.outbox.resume();
    });
    socket.on("disconnect", (reason) => {
      this.outbox.pause();
      if (this.closed) return;
      listener.connected(false);
      if (reason === "io server disconnect") this.reconnectSoon();
    });
    socket.on("connect_error", () => {
      listener.connected(false);
      if (!socket.active) this.reconnectSoon();
    });
    socket.on("changed", (event: Events["changed"]) => this.changed(event));
    socket.on("links", (links: Links) => listener.links(links));
    socket.on("signal", (signal: SignalOut) => listener.signal(signal));
    socket.on("routes", (routes: Routes) => listener.routes(routes));
    socket.on("news", (news: Events["news"]) => listener.news(news.what));
    socket.on("speaking", (told: Events["speaking"]) => listener.speaking(told.seats));
    socket.on("silent_microphone", (told: Events["silent_microphone"]) =>
      listener.silentMicrophone(told.silent),
    );
    socket.on("ladder", (told: Events["ladder"]) => listener.ladder(told.how));
    socket.on("talk", (told: Events["talk"]) => listener.talk(told.seconds));
    socket.on("alerts", (told: Events["alerts"]) => listener.alerts(told.silent));
    socket.on("pointed", (told: Events["pointed"]) => listener.pointed(told));
    socket.on("cut", (cut: Cut) => this.cut(cut));
  }

  private changed(event: Events["changed"]): void {
    const taken = this.sequence.take(event.n);
    if (taken === "next") {
      this.counted = event.view.seat;
      this.listener.changed(event.view, event.at);
    }
    if (taken === "hole") this.again();
  }

  /** A fresh connection at once, without the delay that grows with every attempt. */
  private again(): void {
    this.socket.disconnect().connect();
  }

  private cut(cut: Cut): void {
    if (cut.code === "restarting") this.listener.renewing();
    if (PASSING.includes(cut.code)) return;
    this.close();
    this.listener.cut(cut.code);
  }

  private reconnectSoon(): void {
    window.clearTimeout(this.retry);
    this.retry = window.setTimeout(() => {
      if (!this.closed) this.socket.connect();
    }, RETRY_MS);
  }
}
