// The Web Worker that reads a file once, from end to end, and says the digests of each part as it passes and of the whole at its end.
//
//   in:  { file, partSize }
//   out: { type: 'part', number, length, md5, sha256 } … { type: 'whole', sha256 } or { type: 'failed', message }
//
// It holds one slice of the file at a time, so a file of any size takes the same memory. Digests are lower-case hexadecimal.
import { createMD5, createSHA256 } from 'hash-wasm'

const SLICE = 1024 * 1024

self.onmessage = async ({ data }) => {
  try {
    await digest(data.file, data.partSize)
  } catch (error) {
    // NotReadableError: the file was changed, moved or unplugged while it was read
    self.postMessage({ type: 'failed', message: error.name === 'NotReadableError' ? 'changed' : String(error.message) })
  }
}

async function digest (file, partSize) {
  const [whole, sha256, md5] = await Promise.all([createSHA256(), createSHA256(), createMD5()])
  whole.init()
  for (let start = 0, number = 1; start < file.size; start += partSize, number++) {
    const end = Math.min(start + partSize, file.size)
    sha256.init()
    md5.init()
    for (let at = start; at < end; at += SLICE) {
      const bytes = new Uint8Array(await file.slice(at, Math.min(at + SLICE, end)).arrayBuffer())
      whole.update(bytes)
      sha256.update(bytes)
      md5.update(bytes)
    }
    self.postMessage({ type: 'part', number, length: end - start, md5: md5.digest('hex'), sha256: sha256.digest('hex') })
  }
  self.postMessage({ type: 'whole', sha256: whole.digest('hex') })
}
