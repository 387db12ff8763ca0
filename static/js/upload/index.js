// The upload on an exhibit's page: choose a file, see it go, pause, go on.
import { Api } from './api.js'
import { digestsIn } from './digests.js'
import { Upload } from './upload.js'
import { left, size } from './words.js'

const SPOKEN_EVERY = 15000
// Speed is taken over the last half minute: an average of the whole would believe in yesterday's line
const WINDOW = 30000

class Page {
  constructor (root) {
    this.root = root
    this.parts = Object.fromEntries([...root.querySelectorAll('[data-upload-part]')].map(part => [part.dataset.uploadPart, part]))
    this.input = root.querySelector('input[type=file]')
    this.input.addEventListener('change', () => this.input.files.length && this.#begin(this.input.files[0]))
    this.parts.pause.addEventListener('click', () => this.#turn())
    this.parts.again.addEventListener('click', () => this.failed ? this.#begin(this.failed) : this.upload.nudge())
    this.seen = []
  }

  async #begin (file) {
    this.#error('')
    if (file.size === 0) return this.#error('The file is empty. Choose another.')
    this.parts.choose.hidden = true
    this.parts.progress.hidden = false
    this.parts.pause.hidden = false
    this.failed = undefined
    this.#advise('')
    this.parts.title.textContent = 'Sending'
    const { openUrl, uploadUrl, csrf, worker } = this.root.dataset
    this.upload = new Upload(file, new Api({ openUrl, uploadUrl, csrf }), digestsIn(worker))
    this.upload.addEventListener('progress', ({ detail }) => this.#show(detail))
    this.upload.addEventListener('waiting', ({ detail }) => this.#wait(detail))
    this.upload.addEventListener('going', () => { this.#advise(''); this.#say('title', 'Sending') })
    const stay = event => event.preventDefault()
    addEventListener('beforeunload', stay)
    try {
      await this.upload.run()
      removeEventListener('beforeunload', stay)
      this.#say('title', 'Sent. It is now checked.')
      location.assign(this.root.dataset.doneUrl)
    } catch (error) {
      removeEventListener('beforeunload', stay)
      if (error.retriable) this.#fail(file, error.message)
      else this.#error(error.message)
    }
  }

  #turn () {
    if (this.upload.paused) this.upload.resume()
    else this.upload.pause()
    this.parts.pause.textContent = this.upload.paused ? 'Go on' : 'Pause'
    this.seen = []
    this.#say('title', this.upload.paused ? 'Paused' : 'Sending')
  }

  #show ({ sent, hashed, size: whole }) {
    this.parts.bar.value = Math.floor(sent * 100 / whole)
    const text = [`${size(sent)} of ${size(whole)}`, this.#timeLeft(sent, whole)].filter(Boolean).join(', ')
    this.parts.text.textContent = text
    this.parts.hash.textContent = hashed < whole ? `SHA-256 computed of ${size(hashed)}` : 'SHA-256 computed of the whole file'
    const now = Date.now()
    if (now - (this.spokenAt ?? 0) > SPOKEN_EVERY) {
      this.spokenAt = now
      this.parts.spoken.textContent = text
    }
  }

  #timeLeft (sent, whole) {
    const now = Date.now()
    this.seen.push([now, sent])
    while (this.seen.length > 2 && now - this.seen[0][0] > WINDOW) this.seen.shift()
    const [then, before] = this.seen[0]
    if (now - then < 3000 || sent <= before) return ''
    return left((whole - sent) * (now - then) / (sent - before) / 1000)
  }

  #wait ({ seconds, offline, advice }) {
    this.seen = []
    this.#advise(advice)
    this.#say('title', `${offline ? 'The connection was lost' : 'The store does not take the file now'}. Trying again in ${seconds} s`)
  }

  /** What to do where waiting has not helped, with a way not to wait. */
  #advise (text) {
    this.parts.advice.textContent = text
    this.parts.advice.hidden = this.parts.again.hidden = !text
  }

  /** What trying again with the same file may mend: the page still holds it, so it needs no choosing. */
  #fail (file, text) {
    this.failed = file
    this.parts.pause.hidden = true
    this.#say('title', 'The file was not sent')
    this.#advise(`${text}. What has arrived is kept.`)
  }

  /** Show a short text, and have it read out. */
  #say (part, text) {
    this.parts[part].textContent = text
    this.parts.spoken.textContent = text
  }

  #error (text) {
    this.parts.error.textContent = text
    this.parts.error.hidden = !text
    if (!text) return
    this.parts.progress.hidden = true
    this.parts.choose.hidden = false
    // The same file can be chosen again only if the input forgets it
    this.input.value = ''
    this.input.focus()
  }
}

document.querySelectorAll('[data-module="app-upload"]').forEach(root => new Page(root))
