/// <reference types="vite/client" />

declare module "*.po" {
  const messages: Record<string, string | string[]>;
  export default messages;
}

declare module "gettext-parser" {
  interface Entry {
    msgid: string;
    msgid_plural?: string;
    msgstr: string[];
    comments?: { reference?: string };
  }
  export const po: {
    parse(text: string): { translations: Record<string, Record<string, Entry>> };
  };
}
