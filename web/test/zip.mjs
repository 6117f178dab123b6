// A ZIP archive with one stored entry, as an exported chat comes.

import { crc32 } from "node:zlib";

export function zipped(name, content) {
  const entry = Buffer.from(name);
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  // The name is in UTF-8.
  shared.writeUInt16LE(0x800, 2);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(content.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(entry.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), shared, entry, content]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\0"), shared, Buffer.alloc(14), entry]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
