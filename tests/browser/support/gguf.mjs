// GGUF files as tests need them. Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

/** Bytes of a value's type; 8 (text) and 9 (list) have lengths of their own. */
const BYTES = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

/**
 * Where a value of this type that begins at `at` ends.
 * @param {Buffer} file
 * @param {number} type
 * @param {number} at
 * @returns {number}
 */
function end(file, type, at) {
  if (type === 8) return at + 8 + Number(file.readBigUInt64LE(at));
  if (type !== 9) return at + BYTES[type];
  const kind = file.readUInt32LE(at);
  const count = Number(file.readBigUInt64LE(at + 4));
  let next = at + 12;
  if (kind in BYTES) return next + count * BYTES[kind];
  for (let i = 0; i < count; i += 1) next = end(file, kind, next);
  return next;
}

/** @param {number} value */
function u64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** An entry whose value is a whole number of 16 bits. */
function entry(/** @type {string} */ name, /** @type {number} */ value) {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt32LE(2);
  bytes.writeUInt16LE(value, 4);
  return Buffer.concat([u64(name.length), Buffer.from(name), bytes]);
}

/**
 * A model in two files, as `gguf-split` cuts it when the first one shall hold no tensors.
 * @param {Buffer} file
 */
export function split(file) {
  const tensors = Number(file.readBigUInt64LE(8));
  const entries = Number(file.readBigUInt64LE(16));
  let at = 24;
  for (let i = 0; i < entries; i += 1) {
    at = end(file, 8, at);
    at = end(file, file.readUInt32LE(at), at + 4);
  }
  const metadata = file.subarray(24, at);
  const infos = at;
  for (let i = 0; i < tensors; i += 1) {
    at = end(file, 8, at);
    at += 4 + 8 * file.readUInt32LE(at) + 12;
  }
  const data = file.subarray(Math.ceil(at / 32) * 32);
  const part = (
    number,
    count,
    /** @type {Buffer} */ own,
    ownEntries,
    /** @type {Buffer} */ rest,
  ) => {
    const head = Buffer.concat([
      file.subarray(0, 8),
      u64(count),
      u64(ownEntries + 2),
      own,
      entry('split.no', number),
      entry('split.count', 2),
      rest,
    ]);
    return Buffer.concat([head, Buffer.alloc(-head.length & 31)]);
  };
  return [
    part(0, 0, metadata, entries, Buffer.alloc(0)),
    Buffer.concat([part(1, tensors, Buffer.alloc(0), 0, file.subarray(infos, at)), data]),
  ];
}
