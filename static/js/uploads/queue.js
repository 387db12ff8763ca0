// Many files, without a page: opened in their order, so that references follow it, and sent a few at a time.
import { Upload } from '../upload/upload.js'

const FILES_AT_ONCE = 3
const PARTS_AT_ONCE = 2

/** One file of the queue. `state`: waiting, sending, sent, failed. */
class Item {
  constructor (file, path) {
    Object.assign(this, { file, path, state: 'waiting', sent: 0, note: '' })
  }

  /** An empty file stays empty. */
  get mayTryAgain () { return this.state === 'failed' && this.file.size > 0 }

  get key () { return `${this.path}\n${this.file.size}\n${this.file.lastModified}` }
}

/**
 * Events: `change` {item}, `progress` {item}, `end`. `api.open` is given a file under its path in the folder.
 * `make(item)` is the Upload of one, for tests to replace.
 */
export class Queue extends EventTarget {
  constructor (api, digests, make = undefined) {
    super()
    this.make = make ?? (item => new Upload(named(item), api, digests, { atOnce: PARTS_AT_ONCE }))
    this.items = []
    this.waiting = []
    this.running = new Map()
    this.paused = false
    this.opening = Promise.resolve()
  }

  /** Add files, each {file, path}; those that are here already are not added twice. Returns what was added. */
  add (found) {
    const known = new Set(this.items.map(item => item.key))
    const added = found.map(({ file, path }) => new Item(file, path)).filter(item => !known.has(item.key) && known.add(item.key))
    added.sort((a, b) => a.path.localeCompare(b.path, 'en-GB', { numeric: true }))
    this.items.push(...added)
    this.waiting.push(...added)
    this.#fill()
    return added
  }

  pause () {
    this.paused = true
    for (const upload of this.running.values()) upload.pause()
  }

  resume () {
    this.paused = false
    for (const upload of this.running.values()) upload.resume()
    this.#fill()
  }

  /** Try these again, or all that failed, and wait for nothing. */
  again (items = this.items) {
    for (const item of items) {
      if (!item.mayTryAgain) continue
      this.#mark(item, 'waiting')
      this.waiting.push(item)
    }
    for (const upload of this.running.values()) upload.nudge()
    this.#fill()
  }

  get counts () {
    const counts = { waiting: 0, sending: 0, sent: 0, failed: 0 }
    for (const { state } of this.items) counts[state]++
    return counts
  }

  /** Bytes of files that are not failed: those that left, and all. */
  get bytes () {
    let sent = 0
    let all = 0
    for (const item of this.items) {
      if (item.state === 'failed') continue
      sent += item.sent
      all += item.file.size
    }
    return { sent, all }
  }

  #fill () {
    while (!this.paused && this.running.size < FILES_AT_ONCE && this.waiting.length) this.#one(this.waiting.shift())
  }

  async #one (item) {
    const upload = this.make(item)
    this.running.set(item, upload)
    upload.addEventListener('progress', ({ detail }) => { item.sent = detail.sent; this.#tell('progress', item) })
    upload.addEventListener('waiting', ({ detail }) => {
      this.#mark(item, 'sending', detail.advice || `${detail.offline ? 'Connection lost' : 'The store does not take it now'}: trying again in ${detail.seconds} s`)
    })
    upload.addEventListener('going', () => this.#mark(item, 'sending'))
    this.#mark(item, 'sending')
    try {
      if (item.file.size === 0) throw new Error('The file is empty, so nothing was sent. Note it in the description if it matters.')
      const opened = await this.#inTurn(() => upload.open())
      item.exhibit = { id: opened.exhibit, reference: opened.reference }
      const before = opened.state === 'complete'
      await upload.run()
      item.sent = item.file.size
      this.#mark(item, 'sent', before ? 'Sent before: the same file' : '')
    } catch (error) {
      item.sent = 0
      this.#mark(item, 'failed', error.message)
    }
    this.running.delete(item)
    this.#fill()
    if (!this.running.size && !this.waiting.length) this.#tell('end', item)
  }

  #inTurn (work) {
    const turn = this.opening.then(work)
    this.opening = turn.catch(() => {})
    return turn
  }

  #mark (item, state, note = '') {
    Object.assign(item, { state, note })
    this.#tell('change', item)
  }

  #tell (type, item) {
    this.dispatchEvent(new CustomEvent(type, { detail: { item } }))
  }
}

/** The file under its path: what the server keeps as its name, and knows it again by. */
function named ({ file, path }) {
  return { name: path, size: file.size, lastModified: file.lastModified, slice: (...at) => file.slice(...at), file }
}
