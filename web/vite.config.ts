import { globSync, readFileSync } from "node:fs";
import { po } from "gettext-parser";
import { defineConfig, type Plugin } from "vitest/config";

/** By which chapter of words a file is read: the pages before the room, a host's, all others. */
const FIRST =
  /web\/src\/seat\/(app|wait|page|landing|devices|failed|cut|joining\/(?!beside|trouble)\w+)\.tsx?$/;
const HOST = /web\/src\/seat\/(host\/\w+|host|board|card|end|joining\/trouble)\.tsx?$/;

function chapterOf(files: string[]): string | undefined {
  const found = new Set<string>(
    files.map((file) => (FIRST.test(file) ? "first" : HOST.test(file) ? "host" : "room")),
  );
  // The room's words are there for hosts, too, and those of the first pages for everybody.
  return ["first", "room", "host"].find((chapter) => found.has(chapter));
}

/** What the browser gets of a chapter: id → text, or its plural forms. */
function messages(catalogue: string, chapter: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (const entry of Object.values(po.parse(catalogue).translations[""] ?? {})) {
    const files = (entry.comments?.reference ?? "")
      .split(/\s+/)
      .map((place) => place.replace(/:\d+$/, ""))
      .filter((file) => file.startsWith("web/src/"));
    if (!entry.msgid || !entry.msgstr.every(Boolean)) continue;
    if (chapterOf(files) !== chapter) continue;
    found[entry.msgid] = entry.msgid_plural ? entry.msgstr : (entry.msgstr[0] ?? "");
  }
  return found;
}

/** Lets the one catalogue of server and browser be imported: `import("../locale/….po?room")`. */
const catalogues: Plugin = {
  name: "catalogues",
  transform: {
    filter: { id: /\.po\?\w+$/ },
    handler: (_code, id) => {
      const [file = "", chapter = ""] = id.split("?");
      const words = messages(readFileSync(file, "utf8"), chapter);
      return { code: `export default ${JSON.stringify(words)};`, map: null, moduleType: "js" };
    },
  },
};

export default defineConfig({
  base: "/static/",
  plugins: [catalogues],
  build: {
    manifest: true,
    target: "es2022",
    rolldownOptions: {
      // Each becomes an entry of the manifest, by which the server finds its hashed name.
      input: globSync(["src/seat/main.tsx", "src/pages/*.ts", "src/styles/*.css"], {
        cwd: import.meta.dirname,
        exclude: ["**/*.test.ts"],
      }),
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
