import { globSync, readFileSync } from "node:fs";
import { po } from "gettext-parser";
import { defineConfig, type Plugin } from "vitest/config";

/** What the browser gets of a catalogue: id → text, or its plural forms. */
function messages(catalogue: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (const entry of Object.values(po.parse(catalogue).translations[""] ?? {})) {
    const forBrowser = entry.comments?.reference?.includes("web/src/");
    if (!entry.msgid || !forBrowser || !entry.msgstr.every(Boolean)) continue;
    found[entry.msgid] = entry.msgid_plural ? entry.msgstr : (entry.msgstr[0] ?? "");
  }
  return found;
}

/** Lets the one catalogue of server and browser be imported: `import("../locale/….po")`. */
const catalogues: Plugin = {
  name: "catalogues",
  transform: {
    filter: { id: /\.po$/ },
    handler: (_code, id) => ({
      code: `export default ${JSON.stringify(messages(readFileSync(id, "utf8")))};`,
      map: null,
      moduleType: "js",
    }),
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
