/** Under an open sheet one would miss that something is shown to everybody. */
import { Presentation } from "lucide-preact";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { look, narrow } from "./sheets";

export function Showing({ view }: { view: View }) {
  const told = narrow.value ? shownBy(view) : null;
  return (
    <div aria-live="polite">
      {told && (
        <div class="showing">
          <Presentation aria-hidden="true" />
          <span>{told}</span>
          <button type="button" onClick={look}>
            {t("Look")}
          </button>
        </div>
      )}
    </div>
  );
}

/** What somebody else shows now, in a sentence. */
export function shownBy(view: View): string | null {
  const { exhibit, screen, by } = view.shown;
  const seat = screen ?? (exhibit ? by : null);
  if (seat === null || seat === view.seat) return null;
  const name = view.members.find((m) => m.seat === seat)?.name ?? view.host_name;
  return screen
    ? t("%(name)s is showing a screen.", { name })
    : t("%(name)s is showing a paper.", { name });
}
