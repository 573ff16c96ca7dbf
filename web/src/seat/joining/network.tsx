/** Five seconds through the real media server, by itself, and what they say. */
import { Wifi, WifiOff } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../words";
import { probe } from "../call/probe";
import { welcome } from "../state";
import { network, type Verdict, verdict } from "./checks";

export function NetworkTest() {
  const [progress, setProgress] = useState(0);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const known = welcome.peek();
    if (!known) return;
    const leaving = new AbortController();
    const told = (part: number) => {
      if (!leaving.signal.aborted) setProgress(part);
    };
    network.value = null;
    void probe(known.seat, known.ice_servers, told, null, leaving.signal).then((found) => {
      if (!leaving.signal.aborted) network.value = found;
    });
    return () => leaving.abort();
  }, [turn]);
  const found = network.value && verdict(network.value);
  const Icon = found === "no_way" ? WifiOff : Wifi;
  return (
    <div class="check" data-state={stateOf(found)}>
      <Icon aria-hidden="true" />
      <span aria-live="polite">
        {found ? said(found) : t("Trying your network for five seconds…")}
      </span>
      {!found && <progress max={1} value={progress} aria-label={t("Trying your network")} />}
      {(found === "no_way" || found === "untried" || found === "weak") && (
        <div class="check-actions">
          <button type="button" onClick={() => setTurn(turn + 1)}>
            {t("Try the network again")}
          </button>
        </div>
      )}
    </div>
  );
}

function stateOf(found: Verdict | null): string {
  if (found === null) return "asked";
  if (found === "good" || found === "detour") return "good";
  return found === "untried" ? "asked" : "bad";
}

export function said(found: Verdict): string {
  switch (found) {
    case "good":
      return t("Your network is good: voice and picture get through.");
    case "detour":
      return t("Your network lets voice and picture through by a detour. That works.");
    case "weak":
      return t(
        "Your network is weak. Your voice comes first; the picture may pause. Near the Wi-Fi, or with mobile data, it may be better.",
      );
    case "no_way":
      return t(
        "Your network lets neither voice nor picture through. Change between Wi-Fi and mobile data and try again, or call the number below.",
      );
    case "untried":
      return t("Your network couldn't be tried just now. You can go on all the same.");
  }
}
