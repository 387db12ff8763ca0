// What others decide, draw and say in the same document, without a reload: asked for every few seconds while somebody is at work.
const EVERY = 3000
// A page left open must not keep its session alive
const IDLE = 5 * 60_000

export class News {
  /**
   * `url(tag)` answers 204 while nothing changed since `tag`; `apply(fresh, frozen)` takes the new lists. `acts()` counts what this
   * page sent and got back: an answer that one of these overtook is thrown away.
   */
  constructor (tag, { url, apply, busy, acts }) {
    this.tag = tag
    this.url = url
    this.apply = apply
    this.busy = busy
    this.acts = acts
    this.last = Date.now()
    for (const name of ['keydown', 'pointerdown', 'scroll']) {
      document.addEventListener(name, () => { this.last = Date.now() }, { passive: true, capture: true })
    }
    this.timer = setInterval(() => this.ask(), EVERY)
  }

  async ask () {
    if (this.asking || document.hidden || Date.now() - this.last > IDLE || this.busy()) return
    this.asking = true
    const before = this.acts()
    try {
      const answer = await fetch(this.url(this.tag), { headers: { 'HX-Request': 'true' } })
      // Signed out, off the case, or the leave to read is over: a reload says which
      if (answer.redirected || answer.status === 404 || answer.status === 403) clearInterval(this.timer)
      if (answer.redirected || !answer.ok) return
      // It renewed the session, as every answer does
      document.dispatchEvent(new CustomEvent('htmx:afterRequest'))
      if (answer.status === 204) return
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const facts = fresh.querySelector('#news')
      if (!facts || this.busy() || this.acts() !== before) return
      this.tag = facts.dataset.tag
      this.apply(fresh, 'frozen' in facts.dataset)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      // The connection is down: the next round asks again
    } finally {
      this.asking = false
    }
  }
}
