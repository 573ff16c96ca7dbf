/** A moving picture. What it shows before its first frame is whatever is drawn behind it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useSize } from "./sizes";

interface Shown {
  track: MediaStreamTrack;
  own?: boolean;
  /** Whose it is, if it comes from the server. */
  seat?: string;
}

export function Picture({ track, own = false, seat }: Shown) {
  const element = useRef<HTMLVideoElement>(null);
  useSize(element, seat);
  const [moving, setMoving] = useState(false);
  useEffect(() => {
    const video = element.current;
    if (!video) return;
    let current = true;
    const shown = () => current && setMoving(true);
    setMoving(false);
    video.srcObject = new MediaStream([track]);
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(shown);
    else (video as HTMLVideoElement).addEventListener("playing", shown);
    // Silent pictures may play without a tap; where even that fails the name stays to be seen.
    video.play().catch(() => {});
    return () => {
      current = false;
      video.srcObject = null;
    };
  }, [track]);
  return (
    <video
      ref={element}
      class={own ? "picture own" : "picture"}
      data-moving={moving}
      muted
      playsInline
      autoPlay
    />
  );
}
