/** What is recorded, and how it ended, in words. */
import type { Ended, Purpose, Trouble, View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { listed } from "../people";

export function moment(purpose: Purpose): string {
  switch (purpose) {
    case "record_rights":
      return t("explaining rights and duties");
    case "record_consent":
      return t("what everyone agrees to");
    case "record_signing":
      return t("the signing");
    case "record_consultation":
      return t("the consultation");
    default:
      return t("reading out the agreement");
  }
}

/** Who has still to answer, each by name; oneself as "you". */
export function awaited(view: View): string {
  const waits = view.recording?.waits_for ?? [];
  return listed(waits.map((w) => w.person || (w.seat === view.seat ? t("you") : w.name)));
}

export function stateSentence(view: View): string {
  const recording = view.recording;
  if (!recording) return "";
  const what = moment(recording.purpose);
  if (recording.writing) return t("Recording: %(what)s.", { what });
  if (!recording.waits_for.length) return t("Recording is paused: %(what)s.", { what });
  const names = awaited(view);
  return recording.began
    ? t("Recording is paused. Waiting for %(names)s to answer.", { names })
    : t("Not recording yet: %(what)s. Waiting for %(names)s to answer.", { what, names });
}

export function troubleSentence(trouble: Trouble): string {
  switch (trouble) {
    case "slow":
      return t("The recorder's disk is slow. Nothing is lost so far.");
    case "full":
      return t("The recorder's disk is full. Nothing is recorded just now.");
    case "lost":
      return t("The recorder can't write. Nothing is recorded just now.");
  }
}

/** Never who: it is everybody's right. */
export function endedSentence(ended: Ended): string {
  switch (ended) {
    case "withdrawn":
      return t("Recording has stopped. Anyone may stop it without a reason. Mediation continues.");
    case "declined":
      return t(
        "Nothing more is recorded: not everyone wants it, and nobody has to say why. Mediation continues.",
      );
    case "left":
      return t("Recording has stopped, because people went to other rooms.");
    case "failed":
      return t(
        "Recording has stopped because of a fault here. What was recorded before is kept. Mediation continues.",
      );
    default:
      return t("Recording has stopped.");
  }
}
