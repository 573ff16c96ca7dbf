/** One's own picture and voice, as they are tried and as one waits. */
import { Mic, VideoOff } from "lucide-preact";
import { useEffect, useId, useState } from "preact/hooks";
import { t } from "../../words";
import * as capture from "../call/capture";
import { watchLevel } from "../call/level";
import { Picture } from "../picture";

/** Louder than a room: somebody has said something. */
const VOICE = 0.35;

export function OwnPicture() {
  const track = capture.camera.value;
  return (
    <div class="own-picture">
      {track ? (
        <Picture track={track} own />
      ) : (
        <p class="no-picture">
          <VideoOff aria-hidden="true" />
          <span>{t("No picture of you")}</span>
        </p>
      )}
    </div>
  );
}

export function Meter({ track }: { track: MediaStreamTrack }) {
  const id = useId();
  const [level, setLevel] = useState(0);
  const [heard, setHeard] = useState(false);
  useEffect(
    () =>
      watchLevel(track, (found) => {
        setLevel(found);
        if (found > VOICE) setHeard(true);
      }),
    [track],
  );
  return (
    <div class="check" data-state={heard ? "good" : "asked"}>
      <Mic aria-hidden="true" />
      <span id={id}>
        {heard ? t("Your microphone works.") : t("Say something: does the bar move?")}
      </span>
      <meter min={0} max={1} value={level} aria-labelledby={id} />
    </div>
  );
}
