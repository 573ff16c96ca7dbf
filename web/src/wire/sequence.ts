/** Numbered events: each once, in order; a hole means that this connection can't be trusted. */
export class Sequence {
  /** Number of the last event taken, 0 for none. */
  last = 0;
  private fresh = true;

  /** A new connection: its first event may have any number, for the server knows what was missed. */
  begin(): void {
    this.fresh = true;
  }

  take(n: number): "next" | "seen" | "hole" {
    if (!this.fresh && n <= this.last) return "seen";
    if (!this.fresh && n > this.last + 1) return "hole";
    this.fresh = false;
    this.last = n;
    return "next";
  }
}
