/**
 * The link on which the others come down. The server offers once, a fixed number of slots and a
 * line for a shared screen; who is in which is told by `routes`, and nothing is negotiated again.
 */
import { Link } from "./link";

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
