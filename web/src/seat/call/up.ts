/** The link on which one's own voice, picture and shared screen go up. This side offers. */
import { Link, type Mood, type Tell } from "./link";

/** Enough for a face at 720p; what is more, every listener's line would have to carry too. */
const PICTURE_BITS_A_SECOND = 1_200_000;
/** The same once more, small: for tiles that are small, and networks that are slow. */
const SMALL = { height: 180, maxBitrate: 150_000, maxFramerate: 15 };
/** Enough for small print that stands still, and a page that is turned. */
const SCREEN_BITS_A_SECOND = 1_500_000;

/** What may be sent; null sends nothing at all. */
type Track = MediaStreamTrack | null;

export class Up extends Link {
  private readonly audio: RTCRtpSender;
  private readonly video: RTCRtpSender;
  private readonly screen: RTCRtpSender;
  private readonly small: RTCRtpSender;

  constructor(servers: RTCIceServer[], tell: Tell, told: (mood: Mood) => void) {
    super(servers, tell, told);
    this.audio = this.peer.addTransceiver("audio", { direction: "sendonly" }).sender;
    this.video = this.picture(PICTURE_BITS_A_SECOND, 30);
    // In the first offer already, so that sharing negotiates nothing.
    this.screen = this.picture(SCREEN_BITS_A_SECOND, 15);
    this.small = this.picture(SMALL.maxBitrate, SMALL.maxFramerate);
  }

  async offer(): Promise<void> {
    await this.peer.setLocalDescription();
    this.tell("offer", this.peer.localDescription?.sdp ?? "");
  }

  /** Seconds for which the large picture has been made smaller for its network's sake, if told. */
  starved(stats: RTCStatsReport): number | undefined {
    const line = this.peer.getTransceivers().find(({ sender }) => sender === this.video)?.mid;
    for (const report of stats.values()) {
      if (report.type === "outbound-rtp" && report.mid === line) {
        return report.qualityLimitationDurations?.bandwidth;
      }
    }
    return undefined;
  }

  /** What is sent from now on. */
  async send(audio: Track, video: Track, screen: Track): Promise<void> {
    await Promise.all([
      replace(this.audio, audio),
      replace(this.video, video),
      replace(this.screen, screen),
      replace(this.small, video).then(() => shrink(this.small, video)),
    ]);
  }

  protected async describe(kind: "offer" | "answer", sdp: string): Promise<void> {
    if (kind === "answer") await this.peer.setRemoteDescription({ type: "answer", sdp });
  }

  private picture(maxBitrate: number, maxFramerate: number): RTCRtpSender {
    const sendEncodings = [{ maxBitrate, maxFramerate }];
    return this.peer.addTransceiver("video", { direction: "sendonly", sendEncodings }).sender;
  }
}

/** To a height that is the same whatever the camera gives; held upright, its width is that. */
async function shrink(sender: RTCRtpSender, track: Track): Promise<void> {
  const { width, height } = track?.getSettings() ?? {};
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings;
  if (!encoding || !width || !height) return;
  const scale = Math.max(1, Math.min(width, height) / SMALL.height);
  if (encoding.scaleResolutionDownBy === scale) return;
  encoding.scaleResolutionDownBy = scale;
  await sender.setParameters(parameters).catch(() => {});
}

async function replace(sender: RTCRtpSender, track: Track): Promise<void> {
  // A link that was closed meanwhile refuses; the next one is given the tracks anew.
  if (sender.track !== track) await sender.replaceTrack(track).catch(() => {});
}
