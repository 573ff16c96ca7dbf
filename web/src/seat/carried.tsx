/** How much of the others' pictures one's network carries, in words: each step down, and back. */
import { Check, SignalLow } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../words";
import { carried } from "./news";

/** How long it is said that all is back; it is good news, and nothing has to be done. */
const BACK_MS = 10_000;

/** Of these the network is the cause. */
const SLOW = new Set<typeof carried.value>(["small", "stills", "none"]);

/** Calm: nothing is asked of anybody. */
export function Carried() {
  const how = carried.value;
  const before = useRef(how);
  const [back, setBack] = useState(false);
  useEffect(() => {
    setBack(how === "full" && SLOW.has(before.current));
    before.current = how;
  }, [how]);
  useEffect(() => {
    if (!back) return;
    const timer = window.setTimeout(() => setBack(false), BACK_MS);
    return () => window.clearTimeout(timer);
  }, [back]);
  if (how === "full" && !back) return null;
  return (
    <div class="notice">
      {how === "full" ? <Check aria-hidden="true" /> : <SignalLow aria-hidden="true" />}
      <span>{sentence(how)}</span>
    </div>
  );
}

function sentence(how: typeof carried.value): string {
  switch (how) {
    case "full":
      return t("Your network is better: the full pictures are back.");
    case "small":
      return t(
        "Your network is slow, so you see the others smaller. Every voice gets through. The full pictures will return by themselves.",
      );
    case "stills":
      return t(
        "Your network is slow, so you see a new picture every few seconds only. Every voice gets through. Video will return by itself.",
      );
    case "none":
      return t(
        "Your network is slow, so we paused video. Your voice still gets through. Video will return by itself.",
      );
    case "unread":
      return t(
        "This browser can't show some of the pictures. Every voice gets through. A newer browser can show them.",
      );
  }
}
