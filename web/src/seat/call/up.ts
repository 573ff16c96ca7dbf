/** The link on which one's own voice and picture go up. This side offers. */
import { Link, type Tell } from "./link";

/** Enough for a face at 720p; what is more, every listener's line would have to carry too. */
const PICTURE_BITS_A_SECOND = 1_200_000;

export class Up extends Link {
  private readonly audio: RTCRtpSender;
  private readonly video: RTCRtpSender;

  constructor(servers: RTCIceServer[], tell: Tell, lost: () => void) {
    super(servers, tell, lost);
    this.audio = this.peer.addTransceiver("audio", { direction: "sendonly" }).sender;
    this.video = this.peer.addTransceiver("video", {
      direction: "sendonly",
      sendEncodings: [{ maxBitrate: PICTURE_BITS_A_SECOND, maxFramerate: 30 }],
    }).sender;
  }

  async offer(): Promise<void> {
    await this.peer.setLocalDescription();
    this.tell("offer", this.peer.localDescription?.sdp ?? "");
  }

  /** What is sent from now on; null sends nothing at all. */
  async send(audio: MediaStreamTrack | null, video: MediaStreamTrack | null): Promise<void> {
    await Promise.all([replace(this.audio, audio), replace(this.video, video)]);
  }

  protected async describe(kind: "offer" | "answer", sdp: string): Promise<void> {
    if (kind === "answer") await this.peer.setRemoteDescription({ type: "answer", sdp });
  }
}

async function replace(sender: RTCRtpSender, track: MediaStreamTrack | null): Promise<void> {
  // A link that was closed meanwhile refuses; the next one is given the tracks anew.
  if (sender.track !== track) await sender.replaceTrack(track).catch(() => {});
}
