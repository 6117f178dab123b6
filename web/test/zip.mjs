// A ZIP archive whose entries are stored as they are.

import { crc32 } from "node:zlib";

/** What the heads of an entry, before its content and in the directory, have in common. */
function shared(name, content) {
  const head = Buffer.alloc(26);
  head.writeUInt16LE(20, 0);
  // The name is in UTF-8.
  head.writeUInt16LE(0x800, 2);
  head.writeUInt32LE(crc32(content), 10);
  head.writeUInt32LE(content.length, 14);
  head.writeUInt32LE(content.length, 18);
  head.writeUInt16LE(name.length, 22);
  return head;
}

/** `entries` are pairs of name and content. */
export function zipped(...entries) {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const [text, content] of entries) {
    const name = Buffer.from(text);
    const head = shared(name, content);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), head, name, content]);
    directory.push(Buffer.from("PK\x01\x02\x14\0"), head, place, name);
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, central, end]);
}
