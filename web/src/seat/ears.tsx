/** Who hears me, always in sight: in the strip, and over a paper that has the whole screen. */
import { Ear, EarOff } from "lucide-preact";
import type { View } from "../wire/protocol.gen";
import { hearing } from "./hearing";
import { tight } from "./large";
import { routes } from "./state";

export function Ears({ view }: { view: View }) {
  const brief = tight.value && !view.hosting;
  const { kind, sentence } = hearing(routes.value, view.members, view.seat, view.microphone, brief);
  return (
    <p class="strip-hears" data-kind={kind}>
      {kind === "nobody" ? <EarOff aria-hidden="true" /> : <Ear aria-hidden="true" />}
      <span>{sentence}</span>
    </p>
  );
}
