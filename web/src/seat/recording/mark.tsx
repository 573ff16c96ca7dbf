/** In the strip, as long as the recorder sits in one's space: everybody sees what it does. */
import { CircleDot, CirclePause } from "lucide-preact";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";

export function RecordingMark({ view }: { view: View }) {
  const recording = view.recording;
  if (!recording) return null;
  const on = recording.writing && recording.trouble !== "full" && recording.trouble !== "lost";
  const Icon = on ? CircleDot : CirclePause;
  return (
    <p class="recording-mark" data-on={on}>
      <Icon aria-hidden="true" />
      <span>{on ? t("Recording") : t("Not recording")}</span>
    </p>
  );
}
