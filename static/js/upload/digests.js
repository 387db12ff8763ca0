// A file's digests, computed beside the page.
import { FileChanged } from './upload.js'

/** Read the file in the worker; call found(part) for each part in order; resolve to the SHA-256 of the whole. */
export function digestsIn (workerUrl) {
  return (file, partSize, found) => new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl, { type: 'module' })
    const end = (settle, value) => { worker.terminate(); settle(value) }
    worker.onmessage = ({ data }) => {
      if (data.type === 'part') found({ number: data.number, length: data.length, md5: data.md5, sha256: data.sha256 })
      else if (data.type === 'whole') end(resolve, data.sha256)
      else end(reject, data.message === 'changed' ? new FileChanged() : new Error(data.message))
    }
    worker.onerror = () => end(reject, new Error('The file could not be read here'))
    worker.postMessage({ file, partSize })
  })
}
