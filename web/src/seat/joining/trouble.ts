/** What stands in somebody's way, in a few words: for the mediator's board. */
import { t } from "../../words";
import type { Trouble } from "./progress";

export function troubleWords(trouble: Trouble): string {
  switch (trouble) {
    case "insecure":
      return t("page opened without https");
    case "unsupported":
      return t("browser can't carry voice and picture");
    case "denied":
      return t("microphone and camera blocked");
    case "missing":
      return t("no microphone found");
    case "busy":
      return t("microphone in use by another program");
    case "camera_denied":
      return t("camera blocked");
    case "camera_missing":
      return t("no camera");
    case "camera_busy":
      return t("camera in use by another program");
    case "no_sound":
      return t("hears no sound");
    case "no_way":
      return t("network lets nothing through");
  }
}
