/** One peer connection that carries media one way, and the notice that it has been lost. */
import type { SignalIn, SignalOut } from "../../wire/protocol.gen";

const LOOK_MS = 1000;
/** The worker sends RTCP each second on every link, so this many looks in vain mean it is gone. */
const LOOKS_IN_VAIN = 3;
/** From so many on it may be, and another link does not have to wait for it. */
const LOOKS_IN_DOUBT = 2;
const CONNECT_LOOKS = 12;
/** Longer between two looks, and the page was asleep: the server may have given it up meanwhile. */
const ASLEEP_MS = 5000;

export type Tell = (kind: SignalIn["kind"], sdp: string) => void;
/** What a link tells of itself: it is up, it is gone, or it had better be replaced. */
export type Mood = "connected" | "doubted" | "lost";

export abstract class Link {
  /** What the browser counts, each second. */
  onLook: (stats: RTCStatsReport) => void = () => {};
  protected readonly peer: RTCPeerConnection;
  private readonly timer: number;
  private received = 0;
  private inVain = 0;
  private looked = Date.now();
  private described = false;
  private early: string[] = [];
  private over = false;

  constructor(
    servers: RTCIceServer[],
    protected readonly tell: Tell,
    private readonly told: (mood: Mood) => void,
  ) {
    this.peer = new RTCPeerConnection({ iceServers: servers, bundlePolicy: "max-bundle" });
    this.peer.addEventListener("icecandidate", ({ candidate }) => {
      // The server speaks UDP only; a relay's candidate is of UDP however the relay is reached.
      if (candidate?.candidate && candidate.protocol !== "tcp")
        this.tell("candidate", candidate.candidate);
    });
    this.peer.addEventListener("connectionstatechange", () => this.changed());
    this.timer = window.setInterval(() => this.look(), LOOK_MS);
  }

  get connected(): boolean {
    return !this.over && this.peer.connectionState === "connected";
  }

  /** What cannot be understood, or comes out of turn, is the end of this link. */
  async hear(signal: SignalOut): Promise<void> {
    if (this.over) return;
    try {
      await this.take(signal);
    } catch {
      this.fail();
    }
  }

  close(): void {
    this.over = true;
    window.clearInterval(this.timer);
    this.peer.close();
  }

  /** Whether anything has come since the last look, unless that was just now. */
  look(): void {
    const since = Date.now() - this.looked;
    if (since >= 0 && since < LOOK_MS / 2) return;
    this.looked += since;
    if (since > ASLEEP_MS && this.connected) this.told("doubted");
    void this.peer.getStats().then((stats) => this.count(stats));
  }

  protected abstract describe(kind: "offer" | "answer", sdp: string): Promise<void>;

  private async take(signal: SignalOut): Promise<void> {
    if (signal.kind === "candidate") {
      if (this.described) await this.candidate(signal.sdp);
      else this.early.push(signal.sdp);
      return;
    }
    await this.describe(signal.kind, signal.sdp);
    this.described = true;
    for (const candidate of this.early.splice(0)) await this.candidate(candidate);
  }

  private async candidate(line: string): Promise<void> {
    // All lines share one transport, that of the first.
    await this.peer.addIceCandidate({ candidate: line, sdpMLineIndex: 0 }).catch(() => {});
  }

  private changed(): void {
    const state = this.peer.connectionState;
    // Closed is what the other end does; one's own end of it is told to nobody.
    if (state === "failed" || state === "closed") this.fail();
    else if (state === "disconnected") this.told("doubted");
    else if (state === "connected") this.told("connected");
  }

  private count(stats: RTCStatsReport): void {
    if (this.over) return;
    const received = bytesReceived(stats);
    this.onLook(stats);
    this.inVain = received > this.received ? 0 : this.inVain + 1;
    this.received = received;
    if (this.inVain === LOOKS_IN_DOUBT && this.connected) this.told("doubted");
    if (this.inVain >= (received > 0 ? LOOKS_IN_VAIN : CONNECT_LOOKS)) this.fail();
  }

  private fail(): void {
    if (this.over) return;
    this.close();
    this.told("lost");
  }
}

/** Everything that has arrived on the connection, RTCP included. */
function bytesReceived(stats: RTCStatsReport): number {
  let sum = 0;
  for (const report of stats.values()) {
    if (report.type === "candidate-pair") sum += report.bytesReceived ?? 0;
  }
  return sum;
}
