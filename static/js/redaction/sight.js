// How the page is looked at: larger or smaller, and beside it how it will look with its boxes burnt in.
const SIZES = [75, 100, 150, 200, 300]
const NAME = 'redaction-sight'

export class Sight {
  constructor (editor, page, announce) {
    this.sheet = page.closest('.app-redaction__sheet')
    this.page = page
    this.announce = announce
    this.copy = null
    const kept = JSON.parse(sessionStorage.getItem(NAME) ?? '{}')
    this.size = SIZES.includes(kept.size) ? kept.size : 100
    for (const button of editor.querySelectorAll('[data-zoom]')) {
      button.addEventListener('click', () => this.zoom(Number(button.dataset.zoom)))
    }
    this.button = editor.querySelector('[data-preview]')
    this.button?.addEventListener('click', () => this.preview())
    this.show()
    if (kept.preview) this.preview()
  }

  keep () {
    sessionStorage.setItem(NAME, JSON.stringify({ size: this.size, preview: Boolean(this.copy) }))
  }

  /** One size up or down. */
  zoom (by) {
    const at = SIZES.indexOf(this.size) + by
    this.size = SIZES[Math.min(SIZES.length - 1, Math.max(0, at))]
    this.show()
    this.keep()
    this.announce(`Size ${this.size} percent`)
  }

  show () {
    for (const drawn of [this.page, this.copy]) if (drawn) drawn.style.width = `${this.size}%`
  }

  /** Shows or hides the page as it will be: accepted boxes opaque, nothing else drawn. */
  preview () {
    if (this.copy) {
      this.copy.parentElement.remove()
      this.copy = null
    } else {
      const holder = document.createElement('div')
      holder.className = 'app-redaction__pane'
      this.sheet.append(holder)
      this.renew(holder)
    }
    this.sheet.toggleAttribute('data-two', Boolean(this.copy))
    this.button?.setAttribute('aria-pressed', String(Boolean(this.copy)))
    this.keep()
    this.announce(this.copy ? 'Preview shown beside the page' : 'Preview hidden')
  }

  /** Draws the preview anew after a decision. */
  renew (holder = this.copy?.parentElement) {
    if (!holder) return
    if (this.copy) {
      // The picture is there already: only the boxes may have changed
      for (const box of this.copy.querySelectorAll('.app-redaction__box')) box.remove()
      this.copy.append(...[...this.page.querySelectorAll('.app-redaction__box')].map(box => bare(box.cloneNode(true))))
      return
    }
    const copy = this.page.cloneNode(true)
    for (const name of ['data-page', 'tabindex']) copy.removeAttribute(name)
    copy.setAttribute('aria-label', 'Preview: the page with its boxes burnt in')
    copy.classList.add('app-redaction__page--preview')
    for (const drawn of copy.querySelectorAll('[data-drawing], [data-pending], [data-area], [data-place]')) drawn.remove()
    for (const box of copy.querySelectorAll('[data-box]')) bare(box)
    holder.replaceChildren(copy)
    this.copy = copy
    this.show()
  }
}

/** A box of the preview: nothing that the editor would take for one of its own. */
function bare (box) {
  for (const name of ['data-box', 'data-current', 'data-changing']) box.removeAttribute(name)
  return box
}
