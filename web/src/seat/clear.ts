/** What always stays in sight must not cover what gets the focus or is scrolled to. */
import { useEffect, useRef } from "preact/hooks";

/**
 * For what stands at an edge of the screen: its height is known to the styles as `--above` or
 * `--below`, and everything is scrolled so far that it is clear of it.
 */
export function useEdge<T extends HTMLElement>(edge: "above" | "below") {
  const element = useRef<T>(null);
  useEffect(() => {
    const box = element.current;
    if (!box || typeof ResizeObserver === "undefined") return;
    const { style } = document.documentElement;
    const seen = new ResizeObserver(() => style.setProperty(`--${edge}`, `${box.offsetHeight}px`));
    seen.observe(box);
    return () => {
      seen.disconnect();
      style.removeProperty(`--${edge}`);
    };
  }, [edge]);
  return element;
}
