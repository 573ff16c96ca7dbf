/**
 * The link on which the others come down. The server offers once, a fixed number of slots and a
 * line for a shared screen; who is in which is told by `routes`, and nothing is negotiated again.
 */
import { Link } from "./link";
import type { Counts } from "./playback";

export class Down extends Link {
  /** The n-th audio and the n-th video line are slot n. */
  get voices(): MediaStreamTrack[] {
    return this.tracks("audio");
  }

  get pictures(): MediaStreamTrack[] {
    return this.tracks("video").slice(0, this.voices.length);
  }

  /** The video line that has no voice. */
  get screen(): MediaStreamTrack | null {
    return this.tracks("video")[this.voices.length] ?? null;
  }

  onSlots: () => void = () => {};

  /** What the browser counts of each slot's voice and picture: `voice 0`, `picture 0`, and so on. */
  counts(stats: RTCStatsReport): Map<string, { slot: number; counts: Counts }> {
    const voices = this.voices.map((track) => track.id);
    const pictures = this.pictures.map((track) => track.id);
    const found = new Map<string, { slot: number; counts: Counts }>();
    for (const report of stats.values()) {
      if (report.type !== "inbound-rtp") continue;
      const voice = report.kind === "audio";
      const slot = (voice ? voices : pictures).indexOf(report.trackIdentifier);
      if (slot >= 0) found.set(`${voice ? "voice" : "picture"} ${slot}`, { slot, counts: report });
    }
    return found;
  }

  protected async describe(kind: "offer" | "answer", sdp: string): Promise<void> {
    if (kind !== "offer") return;
    await this.peer.setRemoteDescription({ type: "offer", sdp });
    await this.peer.setLocalDescription();
    this.tell("answer", this.peer.localDescription?.sdp ?? "");
    this.onSlots();
  }

  private tracks(kind: "audio" | "video"): MediaStreamTrack[] {
    return this.peer
      .getTransceivers()
      .map((transceiver) => transceiver.receiver.track)
      .filter((track) => track.kind === kind);
  }
}
