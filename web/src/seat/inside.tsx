/** Everything that the server's view decides, and what carries it. */
import "../wire/wire";
import { t } from "../words";
import { EndingPage } from "./ending";
import { Name } from "./name";
import { Room } from "./room";
import { view } from "./state";
import { Wait } from "./wait";

export function Inside() {
  const seen = view.value;
  if (!seen) return <Wait title={t("Connecting")} />;
  if (seen.state === "ended" || seen.state === "cancelled") return <EndingPage view={seen} />;
  if (!seen.hosting && !seen.said_name) return <Name />;
  return <Room view={seen} />;
}
