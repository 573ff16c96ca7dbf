/// <reference types="vite/client" />

declare module "*.po?first" {
  const messages: Record<string, string | string[]>;
  export default messages;
}

declare module "*.po?room" {
  const messages: Record<string, string | string[]>;
  export default messages;
}

declare module "*.po?host" {
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

/** A built file by its address, never put into the script. */
declare module "*?url&no-inline" {
  const address: string;
  export default address;
}
