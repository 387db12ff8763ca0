// One upload, without a page: compares what is stored, then sends what is missing, a few parts at a time, and goes on after pauses
// and lost connections.
import { Offline, put } from './api.js'

const AT_ONCE = 3
const FIRST_WAIT = 1000
const LONGEST_WAIT = 30000
// Of one part, in a row, that were refused although the line is up
const MOST_REFUSALS = 8
// Lost connections in a row after which waiting alone is not said to be enough: about half a minute
const PATIENCE = 5

/** The file is not the one whose upload was begun: part `number` is the first that differs. */
export class AnotherFile extends Error {
  constructor (number) {
    super(`This is not the same file: part ${number} is the first that differs. Choose the file whose upload was begun, or stop that upload.`)
    this.name = 'AnotherFile'
    this.number = number
  }
}

export class FileChanged extends Error {
  constructor () {
    super('The file was changed or can no longer be read. Choose it again.')
    this.name = 'FileChanged'
  }
}

/** The same name, size and time, but not what was sent under them. */
export class SentOtherwise extends Error {
  constructor () {
    super('A file of this name, size and time was sent before, with other contents. It was not sent again: compare the two, and send this one as an exhibit of its own.')
    this.name = 'SentOtherwise'
  }
}

/**
 * Events: `progress` {sent, hashed, size}, `waiting` {seconds, offline, advice}, `going`.
 * `digests(file, partSize, found)` reads the file and calls found(part) for each, in order; it resolves to the whole's SHA-256.
 */
export class Upload extends EventTarget {
  constructor (file, api, digests, { send = put, wait = sleep, atOnce = AT_ONCE } = {}) {
    super()
    Object.assign(this, { file, api, digests, send, wait, atOnce })
    this.nudges = new Set()
    this.queue = []
    this.under = new Map()
    this.doneBytes = 0
    this.hashed = 0
    this.paused = false
    this.wake = () => {}
  }

  /** Resolves when the store has the whole file and the server has its hash. */
  async run () {
    if (!this.upload) await this.open()
    if (this.upload.state === 'complete') return this.#compare()
    this.known = new Map(this.upload.parts.map(part => [part.number, part]))
    this.uncompared = this.known.size
    const hashing = this.digests(this.file, this.upload.part_size, part => this.#found(part))
      .then(sha256 => { this.sha256 = sha256 }, error => { this.#fail(error) })
      .finally(() => { this.hashingDone = true; this.wake() })
    await Promise.all(Array.from({ length: this.atOnce }, () => this.#sender()))
    await hashing
    if (this.failure) throw this.failure
    await this.#steadily(() => this.api.complete(this.upload.id, this.sha256))
  }

  /** It is all there already: no part is sent, but the file is read, to be sure that it is that one. */
  async #compare () {
    const sha256 = await this.digests(this.file, this.upload.part_size, part => {
      this.hashed += part.length
      this.doneBytes += part.length
      this.#tell()
    })
    if (sha256 !== this.upload.sha256) throw new SentOtherwise()
  }

  /** Open it and nothing more; `run` then goes on. */
  async open () {
    this.upload = await this.#steadily(() => this.api.open(this.file))
    return this.upload
  }

  /** Do not wait any longer: try now. */
  nudge () {
    for (const go of [...this.nudges]) go()
  }

  pause () {
    this.paused = true
    this.aborter?.abort()
    this.aborter = undefined
  }

  resume () {
    this.paused = false
    this.wake()
  }

  #found (part) {
    this.hashed += part.length
    const stored = this.known.get(part.number)
    if (stored) {
      if (stored.size !== part.length || stored.sha256 !== part.sha256) return this.#fail(new AnotherFile(part.number))
      this.uncompared--
      this.doneBytes += part.length
    } else {
      this.queue.push(part)
    }
    this.#tell()
    this.wake()
  }

  #fail (error) {
    this.failure ??= error
    this.pause()
    this.wake()
  }

  async #sender () {
    while (!this.failure) {
      // Nothing is sent before all that is stored has been compared: another file must not get a part in between
      const part = !this.paused && this.uncompared === 0 && this.queue.shift()
      if (part) await this.#one(part)
      else if (this.hashingDone && this.queue.length === 0) return
      else await new Promise(resolve => this.#onWake(resolve))
    }
  }

  #onWake (resolve) {
    const before = this.wake
    this.wake = () => { this.wake = () => {}; before(); resolve() }
  }

  async #one (part) {
    try {
      await this.#again(() => this.#transfer(part))
      this.doneBytes += part.length
    } catch (error) {
      if (error.name === 'AbortError') this.queue.unshift(part)
      else this.#fail(error)
    }
    this.under.delete(part.number)
    this.#tell()
  }

  async #transfer (part) {
    const start = (part.number - 1) * this.upload.part_size
    const signed = await this.api.sign(this.upload.id, part)
    if (this.paused || this.failure) throw new DOMException('Paused', 'AbortError')
    this.aborter ??= new AbortController()
    const body = this.file.slice(start, start + part.length)
    await this.send(signed, body, bytes => { this.under.set(part.number, bytes); this.#tell() }, this.aborter.signal)
    await this.api.stored(this.upload.id, part.number)
  }

  /** The same for what has no part to put back: a pause is waited out. */
  async #steadily (attempt) {
    for (;;) {
      try {
        return await this.#again(attempt)
      } catch (error) {
        if (error.name !== 'AbortError' || this.failure) throw error
        while (this.paused) await new Promise(resolve => this.#onWake(resolve))
      }
    }
  }

  /** Try until it succeeds, waiting longer each time the line is down; give up on what trying again can't mend. */
  async #again (attempt) {
    for (let tries = 0, refusals = 0; ; tries++) {
      try {
        const result = await attempt()
        if (tries) this.dispatchEvent(new Event('going'))
        return result
      } catch (error) {
        if (this.paused || this.failure) throw new DOMException('Paused', 'AbortError')
        const offline = error instanceof Offline
        if (!offline && !(error.retriable && ++refusals < MOST_REFUSALS)) throw error
        const delay = Math.min(FIRST_WAIT * 2 ** tries, LONGEST_WAIT)
        const advice = offline && tries + 1 >= PATIENCE ? error.advice : ''
        this.dispatchEvent(new CustomEvent('waiting', { detail: { seconds: Math.round(delay / 1000), offline, advice } }))
        await this.#until(this.wait(delay))
      }
    }
  }

  /** Wait for that, or for a nudge. */
  async #until (waited) {
    let go
    const nudged = new Promise(resolve => { go = resolve })
    this.nudges.add(go)
    await Promise.race([waited, nudged])
    this.nudges.delete(go)
  }

  #tell () {
    const under = [...this.under.values()].reduce((sum, bytes) => sum + bytes, 0)
    const sent = Math.min(this.doneBytes + under, this.file.size)
    this.dispatchEvent(new CustomEvent('progress', { detail: { sent, hashed: this.hashed, size: this.file.size } }))
  }
}

/** Wait, but no longer once the browser says that the line is back. */
function sleep (ms) {
  return new Promise(resolve => {
    const end = () => { clearTimeout(timer); self.removeEventListener('online', end); resolve() }
    const timer = setTimeout(end, ms)
    self.addEventListener('online', end)
  })
}
