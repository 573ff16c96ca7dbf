/**
 * How large this page shows whom, for the server to choose by: nobody sends a large picture for a
 * small tile, or any for one that is scrolled away.
 */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

export type Sizes = Readonly<Record<string, number>>;

/** Pixels of height, by seat. */
export const sizes = signal<Sizes>({});

/** Finer screens show little more of a face; their networks are the phones'. */
const FINEST = 1.5;
/** Steps in which a height is told, so that a page that is being resized says little. */
const STEP = 30;

export function told(height: number, ratio: number): number {
  return Math.max(STEP, Math.round((height * Math.min(ratio, FINEST)) / STEP) * STEP);
}

function say(seat: string, height: number | null): void {
  const { [seat]: before, ...others } = sizes.peek();
  if (height === (before ?? null)) return;
  sizes.value = height === null ? others : { ...others, [seat]: height };
}

/** As long as this element shows the seat's picture; returned ends it. */
export function watchSize(element: Element, seat: string): () => void {
  const observer = new IntersectionObserver((found) => {
    const last = found.at(-1);
    if (last?.isIntersecting) measure.observe(element);
    else {
      measure.unobserve(element);
      say(seat, null);
    }
  });
  const measure = new ResizeObserver(([found]) => {
    if (found) say(seat, told(found.contentRect.height, window.devicePixelRatio));
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    measure.disconnect();
    say(seat, null);
  };
}

export function useSize(element: { current: Element | null }, seat: string | undefined): void {
  useEffect(() => {
    if (element.current && seat) return watchSize(element.current, seat);
  }, [element, seat]);
}
