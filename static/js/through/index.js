// A document from its first page to its last: each page's picture and boxes come when somebody scrolls near, and go when far.
const NEAR = '150% 0px' // of the window's height above and below
const FAR = 12 // windows away from which a page is emptied again
const AT_ONCE = 4

const list = document.querySelector('[data-through]')

class Sheets {
  constructor () {
    this.wanted = new Set()
    this.shown = new Map()
    this.loading = 0
    this.near = new IntersectionObserver(entries => this.seen(entries), { rootMargin: NEAR })
    for (const item of list.children) this.near.observe(item)
  }

  seen (entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting && !this.shown.has(target)) this.wanted.add(target)
      else if (!isIntersecting) this.wanted.delete(target)
    }
    this.fill()
    this.empty()
  }

  /** Brings what is near, a few at once, the nearest to the middle of the window first: a fast scroll asks for what it stops at. */
  fill () {
    while (this.loading < AT_ONCE && this.wanted.size) {
      const middle = window.innerHeight / 2
      const away = item => Math.abs(item.getBoundingClientRect().top - middle)
      const next = [...this.wanted].reduce((one, other) => away(other) < away(one) ? other : one)
      this.wanted.delete(next)
      this.load(next)
    }
  }

  async load (item) {
    this.loading += 1
    const holder = item.querySelector('[data-holder]')
    this.shown.set(item, holder.firstElementChild)
    try {
      const answer = await fetch(item.dataset.sheet)
      if (answer.redirected || !answer.ok) throw new Error(`${answer.status}`)
      const sheet = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml').documentElement
      holder.replaceChildren(document.importNode(sheet, true))
    } catch {
      this.shown.delete(item)
      document.querySelector('#announce').textContent = 'A page could not be loaded. Load this page again.'
    } finally {
      this.loading -= 1
      this.fill()
    }
  }

  /** Empties pages that are far away: a page of a thousand holds no more than one of ten. */
  empty () {
    const far = window.innerHeight * FAR
    for (const [item, blank] of this.shown) {
      const { top } = item.getBoundingClientRect()
      if (Math.abs(top) < far || item.contains(document.activeElement)) continue
      item.querySelector('[data-holder]').replaceChildren(blank)
      this.shown.delete(item)
    }
  }
}

if (list) {
  new Sheets() // eslint-disable-line no-new
  document.querySelector('[data-go]').addEventListener('submit', event => {
    event.preventDefault()
    const item = document.querySelector(`#page-${Number.parseInt(event.target.elements.page.value, 10)}`)
    if (!item) {
      document.querySelector('#announce').textContent = 'There is no such page.'
      return
    }
    item.scrollIntoView()
    item.focus({ preventScroll: true })
  })
}
