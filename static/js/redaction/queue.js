// What was decided and drawn until it is saved: sent in order, again and again while the connection is down. It is kept in this
// page, and in the tab's storage by ids and places alone. What is typed as a reason stays in memory only: it may name somebody.
const EVERY = 4000

export class Queue {
  /** `path` says where what is sent goes to; `token()` the form's token; `told` hears of every change. */
  constructor (name, { path, token, told }) {
    this.name = `redaction-${name}`
    this.path = path
    this.token = token
    this.told = told
    this.sending = false
    this.down = false
    try {
      this.waiting = JSON.parse(sessionStorage.getItem(this.name)) ?? []
    } catch {
      this.waiting = []
    }
    window.addEventListener('online', () => this.send())
    window.addEventListener('beforeunload', event => { if (this.waiting.length) event.preventDefault() })
    setInterval(() => this.send(), EVERY)
    if (this.waiting.length) this.send()
  }

  has (id) {
    return this.waiting.some(entry => entry.id === id)
  }

  /**
   * Keeps `{ id, to, values }` until it is sent; a later one on the same proposal takes its place. Its act lets the server do
   * once what is sent twice because an answer was lost.
   */
  put (entry, { down = this.down } = {}) {
    this.down = down
    // Redacting what was moved a moment ago is what moving it does
    if (entry.values.verdict === 'accept' && this.waiting.some(other => other.id === entry.id && other.values.boxes)) return
    this.waiting = this.waiting.filter(other => other.id !== entry.id)
    this.waiting.push({ ...entry, values: { act: newId(), ...entry.values } })
    this.keep()
    if (!down) this.send()
  }

  drop (id) {
    this.waiting = this.waiting.filter(entry => entry.id !== id)
    this.keep()
  }

  keep () {
    const bare = this.waiting.map(entry => ({ ...entry, values: { ...entry.values, reason: undefined } }))
    if (bare.length) sessionStorage.setItem(this.name, JSON.stringify(bare))
    else sessionStorage.removeItem(this.name)
    this.told({ left: this.waiting.length, down: this.down })
  }

  /** Sends what waits, in the order in which it was decided, until the connection fails again. */
  async send () {
    if (this.sending || !this.waiting.length) return
    this.sending = true
    try {
      while (this.waiting.length) {
        const entry = this.waiting[0]
        const body = new URLSearchParams({ csrfmiddlewaretoken: this.token() })
        for (const [name, value] of Object.entries(entry.values)) for (const one of [value].flat()) body.append(name, one ?? '')
        const answer = await fetch(`${this.path}${entry.to}`, { method: 'POST', body, headers: { 'HX-Request': 'true' } })
        if (answer.redirected || answer.status === 403) {
          this.told({ left: this.waiting.length, problem: 'Sign in again in another tab: what is not saved yet is sent then.' })
          return
        }
        if (answer.status >= 500) return
        const html = answer.ok ? await answer.text() : ''
        this.down = false
        // Decided anew meanwhile: the newer one is sent next
        if (this.waiting[0] === entry) {
          this.waiting.shift()
          this.keep()
        }
        this.told({ left: this.waiting.length, entry, html, gone: !answer.ok })
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      // The next round tries again
      this.down = true
      this.keep()
    } finally {
      this.sending = false
    }
  }
}

/** A random UUID; `crypto.randomUUID` is not there on every address that a force may give this service. */
export function newId () {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte, index) => {
    const fixed = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte
    return fixed.toString(16).padStart(2, '0')
  }).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
