/** One peer connection that carries media one way, and the notice that it has been lost. */
import type { SignalOut } from "../../wire/protocol.gen";

const LOOK_MS = 1000;
/** The worker sends RTCP each second on every link, so this many looks in vain mean it is gone. */
const LOOKS_IN_VAIN = 3;
const CONNECT_LOOKS = 12;

export type Tell = (kind: "offer" | "answer" | "candidate", sdp: string) => void;

export abstract class Link {
  onConnected: () => void = () => {};
  /** What the browser counts, each second. */
  onLook: (stats: RTCStatsReport) => void = () => {};
  protected readonly peer: RTCPeerConnection;
  private readonly timer: number;
  private received = 0;
  private inVain = 0;
  private described = false;
  private early: string[] = [];
  private over = false;

  constructor(
    servers: RTCIceServer[],
    protected readonly tell: Tell,
    private readonly lost: () => void,
  ) {
    this.peer = new RTCPeerConnection({ iceServers: servers, bundlePolicy: "max-bundle" });
    this.peer.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate?.candidate) this.tell("candidate", candidate.candidate);
    });
    this.peer.addEventListener("connectionstatechange", () => {
      if (this.peer.connectionState === "failed") this.fail();
      if (this.peer.connectionState === "connected") this.onConnected();
    });
    this.timer = window.setInterval(() => void this.look(), LOOK_MS);
  }

  async hear(signal: SignalOut): Promise<void> {
    if (this.over) return;
    if (signal.kind === "candidate") {
      if (this.described) await this.candidate(signal.sdp);
      else this.early.push(signal.sdp);
      return;
    }
    await this.describe(signal.kind, signal.sdp);
    this.described = true;
    for (const candidate of this.early.splice(0)) await this.candidate(candidate);
  }

  close(): void {
    this.over = true;
    window.clearInterval(this.timer);
    this.peer.close();
  }

  protected abstract describe(kind: "offer" | "answer", sdp: string): Promise<void>;

  private async candidate(line: string): Promise<void> {
    // All lines share one transport, that of the first.
    await this.peer.addIceCandidate({ candidate: line, sdpMLineIndex: 0 }).catch(() => {});
  }

  private async look(): Promise<void> {
    const stats = await this.peer.getStats();
    if (this.over) return;
    const received = bytesReceived(stats);
    this.onLook(stats);
    this.inVain = received > this.received ? 0 : this.inVain + 1;
    this.received = received;
    if (this.inVain >= (received > 0 ? LOOKS_IN_VAIN : CONNECT_LOOKS)) this.fail();
  }

  private fail(): void {
    if (this.over) return;
    this.close();
    this.lost();
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
