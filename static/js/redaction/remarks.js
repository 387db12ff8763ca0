// Remarks: written about the place that is selected or drawn, listed beside the page, each leading to its place.
export class Remarks {
  /** `drawn()` is the box that is being drawn, if any; `added()` hears that a remark was saved. */
  constructor (editor, { announce, drawn, added }) {
    this.added = added
    this.editor = editor
    this.announce = announce
    this.drawn = drawn
    this.page = editor.querySelector('[data-page]')
    this.draw()
  }

  get section () {
    return this.editor.querySelector('#remarks')
  }

  /** Opens the form for a remark on the drawn box, else on the selected proposal, else on the page. */
  write (mark) {
    const details = this.section?.querySelector('[data-remark-details]')
    if (!details) return
    const form = details.querySelector('form')
    const box = this.drawn()
    form.elements.area.value = box ? [box.left, box.top, box.right, box.bottom].map(edge => edge.toFixed(2)).join(',') : ''
    form.elements.proposal.value = !box && mark ? mark.dataset.mark : ''
    const words = mark?.querySelector('mark')?.textContent.trim()
    details.querySelector('[data-remark-about]').textContent =
      box ? 'the drawn box' : mark ? `“${words}”` : `page ${Number(this.editor.dataset.pageIndex) + 1}`
    details.open = true
    form.elements.text.focus()
  }

  /** To the link of the next remark that has to be dealt with. */
  next () {
    const all = [...this.section?.querySelectorAll('[data-to-settle] a') ?? []]
    if (!all.length) {
      this.announce('No remark is left to deal with.')
      return
    }
    all[(all.indexOf(document.activeElement) + 1) % all.length].focus()
  }

  /** After one was added or answered: what was typed wrong is given back, else the list is told. */
  swapped () {
    const { section } = this
    this.draw()
    const problem = section.querySelector('.govuk-error-message')
    if (problem) {
      problem.closest('form').querySelector('textarea, input[name="text"]').focus()
      return
    }
    this.added()
    this.announce(section.querySelector('h2').textContent)
    section.querySelector('h2').setAttribute('tabindex', '-1')
    section.querySelector('h2').focus()
  }

  /** What others said: the list anew, but never the form or field in which somebody types. */
  news (fresh) {
    const { section } = this
    if (!fresh || !section) return
    const ids = list => [...list.querySelectorAll('[data-remark]')].map(item => item.textContent).join()
    if (ids(fresh) === ids(section)) return
    const typed = [...section.querySelectorAll('textarea, input[name="text"]')].some(field => field.value)
    if (typed || section.contains(document.activeElement)) {
      this.announce('Somebody has added a remark.')
      return
    }
    section.replaceWith(fresh)
    window.htmx.process(fresh)
    this.draw()
    this.announce('The remarks have changed.')
  }

  /** Outlines on the page the areas that remarks are about. */
  draw () {
    if (!this.page) return
    for (const old of this.page.querySelectorAll('[data-place]')) old.remove()
    for (const item of this.section?.querySelectorAll('[data-area-box]') ?? []) {
      const [left, top, right, bottom] = JSON.parse(item.dataset.areaBox)
      const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
      rect.setAttribute('class', 'app-redaction__place')
      rect.dataset.place = item.dataset.remark
      for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top })) rect.setAttribute(name, value)
      this.page.insertBefore(rect, this.page.querySelector('[data-drawing]'))
    }
  }

  /** Marks the remark that a link led here from. */
  show (id) {
    const item = id && this.section?.querySelector(`[data-remark="${CSS.escape(id)}"]`)
    if (!item) return
    item.toggleAttribute('data-current', true)
    this.page?.querySelector(`[data-place="${CSS.escape(id)}"]`)?.toggleAttribute('data-current', true)
    item.scrollIntoView({ block: 'nearest' })
  }
}
