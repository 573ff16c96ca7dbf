/** How the others come out on this page: what is to come, and what is told of it. */
import type { View } from "../wire/protocol.gen";
import type { Wire } from "../wire/wire";
import type { Expected } from "./call/call";
import type { Playback } from "./call/playback";
import { carried } from "./news";
import { type Sizes, sizes } from "./sizes";
import { routes, view } from "./state";

const MINUTE_MS = 60_000;

/** What is to move and sound in each slot just now. */
export function expected(): Expected[] {
  const moving = carried.peek() === "full" || carried.peek() === "small";
  const seen = moving && document.visibilityState === "visible";
  return expectedOf(routes.peek().slots, view.peek(), seen ? sizes.peek() : {});
}

/** `shown`: whose pictures one has before one's eyes; of the others none is sent. */
export function expectedOf(
  slots: readonly (string | null)[],
  seen: View | null,
  shown: Sizes,
): Expected[] {
  return slots.map((seat) => {
    const there = seen?.members.find((member) => member.seat === seat);
    return {
      voice: there?.microphone ? there.seat : null,
      picture: there?.camera && there.seat in shown ? there.seat : null,
    };
  });
}

/** Once a minute; from a lobby nothing, for nothing comes there. */
export function tellOutcome(wire: Pick<Wire, "playback">, playback: Playback): () => void {
  const timer = window.setInterval(() => {
    const found = playback.take();
    const place = view.peek()?.admitted ? view.peek()?.place : null;
    if (place && place !== "lobby") wire.playback(found);
  }, MINUTE_MS);
  return () => window.clearInterval(timer);
}
