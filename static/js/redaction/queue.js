// Decisions made while the connection is down: kept in this page, and in the tab's storage by ids alone, until they are sent.
// What is typed as a reason stays in memory only: it may name somebody.
const EVERY = 4000

export class Queue {
  /** `url(id)` is where a decision on a proposal goes; `token()` the form's token; `told` hears of every change. */
  constructor (name, { url, token, told }) {
    this.name = `redaction-${name}`
    this.url = url
    this.token = token
    this.told = told
    this.sending = false
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

  /** Keeps a decision until it can be sent; a later one on the same proposal takes its place. */
  put (entry) {
    this.drop(entry.id)
    this.waiting.push(entry)
    this.keep()
  }

  drop (id) {
    this.waiting = this.waiting.filter(entry => entry.id !== id)
    this.keep()
  }

  keep () {
    const bare = this.waiting.map(({ id, verdict, category, seen }) => ({ id, verdict, category, seen }))
    if (bare.length) sessionStorage.setItem(this.name, JSON.stringify(bare))
    else sessionStorage.removeItem(this.name)
    this.told({ left: this.waiting.length })
  }

  /** Sends what waits, in the order in which it was decided, until the connection fails again. */
  async send () {
    if (this.sending || !this.waiting.length) return
    this.sending = true
    try {
      while (this.waiting.length) {
        const entry = this.waiting[0]
        const { id, ...values } = entry
        const body = new URLSearchParams({ ...values, csrfmiddlewaretoken: this.token() })
        const answer = await fetch(this.url(id), { method: 'POST', body, headers: { 'HX-Request': 'true' } })
        if (answer.redirected || answer.status === 403) {
          this.told({ left: this.waiting.length, problem: 'Sign in again in another tab: what is not saved yet is sent then.' })
          return
        }
        if (answer.status >= 500) return
        // Decided anew meanwhile: the newer one is sent next
        if (this.waiting[0] === entry) this.drop(id)
        this.told({ left: this.waiting.length, id, html: answer.ok ? await answer.text() : '', gone: !answer.ok })
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      // Still down: the next round tries again
    } finally {
      this.sending = false
    }
  }
}
