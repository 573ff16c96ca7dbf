/**
 * The box that `/` or Ctrl-K opens on every page of staff: type, arrows, Enter. Without this
 * script the field at the top searches the list of cases.
 */

type Line = { href: string; text: string; note: string };
type Found = { cases: Line[]; people: Line[]; pages: Line[] };

const PAUSE_MS = 120;

const field = document.querySelector<HTMLFormElement>("form[data-jump]");

/** Where a key is meant for what one is typing in. */
function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select"))
  );
}

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

class Box {
  readonly dialog: HTMLDialogElement;
  private readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private readonly said: HTMLElement;
  private readonly words: DOMStringMap;
  private asked = new AbortController();
  private pause = 0;

  constructor(form: HTMLFormElement) {
    this.words = form.dataset;
    this.dialog = make("dialog", { class: "jump", "aria-label": this.words.jump ?? "" });
    const inner = make("form", { method: "post", action: form.action, class: "jump-form" });
    this.input = make("input", {
      name: "text",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      "aria-label": this.words.label ?? "",
      "aria-controls": "jump-list",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
    });
    this.list = make("div", {
      id: "jump-list",
      role: "listbox",
      "aria-label": this.words.jump ?? "",
    });
    this.said = make("p", { class: "hint", role: "status" });
    inner.append(this.input, this.list, this.said);
    this.dialog.append(inner);
    document.body.append(this.dialog);
    this.input.addEventListener("input", () => this.soon());
    this.input.addEventListener("keydown", (event) => this.key(event));
    // A click beside the box closes it.
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
  }

  open(): void {
    this.input.value = "";
    this.list.replaceChildren();
    this.dialog.showModal();
    this.input.focus();
    void this.look();
  }

  private soon(): void {
    // What is listed was found for something else.
    this.choose();
    window.clearTimeout(this.pause);
    this.pause = window.setTimeout(() => void this.look(), PAUSE_MS);
  }

  private async look(): Promise<void> {
    this.asked.abort();
    this.asked = new AbortController();
    const found = await fetch("/jump", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ q: this.input.value }),
      signal: this.asked.signal,
    })
      .then((answer) => (answer.ok ? (answer.json() as Promise<Found>) : null))
      .catch(() => null);
    if (found) this.show(found);
  }

  private show(found: Found): void {
    const groups: [string | undefined, Line[]][] = [
      [this.words.cases, found.cases],
      [this.words.people, found.people],
      [this.words.pages, found.pages],
    ];
    // What was chosen while the answer was under way stays chosen.
    const chosen = this.chosen?.dataset.href;
    this.list.replaceChildren();
    for (const [name, lines] of groups) {
      if (!lines.length) continue;
      const group = make("div", { role: "group", "aria-label": name ?? "" });
      const heading = make("div", { class: "jump-group", "aria-hidden": "true" });
      heading.textContent = name ?? "";
      group.append(heading, ...lines.map((line) => this.option(line)));
      this.list.append(group);
    }
    for (const [n, option] of this.options.entries()) option.id = `jump-${n}`;
    this.input.setAttribute("aria-expanded", String(this.options.length > 0));
    this.choose(this.options.find((option) => option.dataset.href === chosen));
    this.said.textContent = this.options.length ? (this.words.hint ?? "") : (this.words.none ?? "");
  }

  private option(line: Line): HTMLElement {
    const made = make("div", { role: "option", "aria-selected": "false", "data-href": line.href });
    made.append(line.text);
    if (line.note) {
      const note = make("span", { class: "hint" });
      note.textContent = line.note;
      made.append(" ", note);
    }
    made.addEventListener("click", () => window.location.assign(line.href));
    return made;
  }

  private get options(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[role=option]")];
  }

  private get chosen(): HTMLElement | undefined {
    return this.options.find((option) => option.ariaSelected === "true");
  }

  private choose(chosen?: HTMLElement): void {
    for (const option of this.options) option.ariaSelected = String(option === chosen);
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    const { chosen, options } = this;
    if (event.key === "Enter") {
      const href = chosen?.dataset.href;
      // Nothing chosen: the form searches the list of cases for what was typed, if one reads any.
      if (!href && this.input.value.trim() && !field?.hidden) return;
      event.preventDefault();
      if (href) window.location.assign(href);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !options.length) return;
    event.preventDefault();
    const at = chosen ? options.indexOf(chosen) : step > 0 ? -1 : 0;
    this.choose(options[(at + step + options.length) % options.length]);
  }
}

if (field) {
  let box: Box | null = null;
  document.addEventListener("keydown", (event) => {
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    const k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (!k && !(slash && !typing(event.target))) return;
    event.preventDefault();
    box ??= new Box(field);
    if (!box.dialog.open) box.open();
  });
}

export {};
