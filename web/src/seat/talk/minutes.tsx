/** The minutes, for those who keep them. */
import type { View } from "../../wire/protocol.gen";
import { part } from "../part";
import { useLater } from "./later";

const keeper = part(() => import("./keeper"));

export function MinutesPanel({ view }: { view: View }) {
  const role = view.members.find((m) => m.seat === view.seat)?.role;
  return view.hosting || role === "clerk" ? <Kept /> : null;
}

function Kept() {
  const found = useLater(keeper);
  return found && <found.Keeper />;
}
