/** The host and one person who waits. */
import type { View } from "../../wire/protocol.gen";
import { part } from "../part";
import { useLater } from "./later";

const chat = part(() => import("./card_chat"));

export function CardChat({ view, seat }: { view: View; seat: string }) {
  const found = useLater(chat);
  return found && <found.CardChat view={view} seat={seat} />;
}
