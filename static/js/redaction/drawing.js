// Drawing a box: dragged with the mouse, typed as numbers, or moved and sized with the arrow keys.
const MIN = 2
const STEP = 4
const FAR = 20

const EDGES = ['left', 'top', 'right', 'bottom']

export class Drawing {
  constructor (editor, page, announce) {
    this.announce = announce
    this.editor = editor
    this.page = page
    this.form = editor.querySelector('[data-draw]')
    this.shape = editor.querySelector('[data-drawing]')
    this.details = editor.querySelector('[data-draw-details]')
    this.origin = null
    this.areas = []
    if (!this.form) return
    this.form.querySelector('[data-add-area]')?.addEventListener('click', () => this.keepAlso())
    page.addEventListener('pointermove', event => this.move(event))
    page.addEventListener('pointerup', event => this.up(event))
    this.form.addEventListener('input', () => this.show())
  }

  get limits () {
    return { x: Number(this.page.dataset.width), y: Number(this.page.dataset.height) }
  }

  /** Opens the form with a box in it, and lets the arrow keys move it. */
  start () {
    if (!this.form) return
    this.details.open = true
    this.editor.toggleAttribute('data-drawing-now', true)
    if (!this.box) {
      const { x, y } = this.limits
      this.put({ left: x * 0.1, top: y * 0.1, right: x * 0.1 + 120, bottom: y * 0.1 + 16 })
    }
    this.page.setAttribute('tabindex', '0')
    this.page.focus()
  }

  stop () {
    this.editor.removeAttribute('data-drawing-now')
    this.origin = null
  }

  get active () {
    return this.editor.hasAttribute('data-drawing-now')
  }

  /** The box in the form, or null while its numbers make none. */
  get box () {
    const [left, top, right, bottom] = EDGES.map(edge => Number.parseFloat(this.form.elements[edge].value))
    return right > left && bottom > top ? { left, top, right, bottom } : null
  }

  put (box) {
    for (const [edge, value] of Object.entries(box)) this.form.elements[edge].value = value.toFixed(1)
    this.show()
  }

  show (box = this.box, shape = this.shape) {
    if (!box) return
    shape.setAttribute('x', box.left)
    shape.setAttribute('y', box.top)
    shape.setAttribute('width', box.right - box.left)
    shape.setAttribute('height', box.bottom - box.top)
  }

  /** Arrow keys move the box; with Shift its right and lower edges; with Control in larger steps. True if it was one. */
  key (event) {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    if (!by || !this.active || document.activeElement !== this.page) return false
    const box = this.box
    if (!box) return false
    const [x, y] = by.map(way => way * (event.ctrlKey ? FAR : STEP))
    const limit = this.limits
    const within = (value, most) => Math.min(most, Math.max(0, value))
    const right = within(box.right + x, limit.x)
    const bottom = within(box.bottom + y, limit.y)
    if (event.shiftKey) this.put({ ...box, right: Math.max(box.left + MIN, right), bottom: Math.max(box.top + MIN, bottom) })
    else this.put({ left: right - (box.right - box.left), top: bottom - (box.bottom - box.top), right, bottom })
    return true
  }

  /** A pointer's place on the page, in points. */
  place (event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.page.getScreenCTM().inverse())
    const inside = (value, most) => Math.min(most, Math.max(0, value))
    return { x: inside(point.x, this.limits.x), y: inside(point.y, this.limits.y) }
  }

  down (event) {
    if (!this.form) return
    event.preventDefault()
    this.page.setPointerCapture(event.pointerId)
    this.origin = this.place(event)
  }

  to (end) {
    const { x, y } = this.origin
    return { left: Math.min(x, end.x), top: Math.min(y, end.y), right: Math.max(x, end.x), bottom: Math.max(y, end.y) }
  }

  move (event) {
    if (this.origin) this.show(this.to(this.place(event)))
  }

  up (event) {
    if (!this.origin) return
    const box = this.to(this.place(event))
    this.origin = null
    // A click without a drag is not a box
    if (box.right - box.left < MIN || box.bottom - box.top < MIN) return
    this.details.open = true
    this.put(box)
    this.stop()
    const next = this.form.elements.category ?? this.form.elements.left
    next.focus()
  }

  /** Takes the box away, so that the next can be drawn. */
  clear () {
    for (const edge of EDGES) this.form.elements[edge].value = ''
    for (const name of ['width', 'height']) this.shape.setAttribute(name, 0)
  }

  // ---- what is kept ----------------------------------------------------------------------------------------------------

  /** Adds the box to what is kept while all else is redacted. */
  keepAlso () {
    const box = this.form && this.box
    if (!box || !this.form.querySelector('[data-areas]')) return
    this.details.open = true
    this.areas.push(box)
    this.clear()
    this.showAreas()
    this.announce(`${this.areas.length} ${this.areas.length === 1 ? 'place is' : 'places are'} kept. d draws another.`)
  }

  showAreas () {
    const list = this.form.querySelector('[data-areas]')
    list.hidden = this.areas.length === 0
    list.replaceChildren(...this.areas.map((box, index) => {
      const item = document.createElement('li')
      const gone = document.createElement('button')
      gone.type = 'button'
      gone.className = 'govuk-button govuk-button--secondary app-redaction__button'
      gone.textContent = `Don’t keep place ${index + 1}`
      gone.addEventListener('click', () => {
        this.areas.splice(index, 1)
        this.showAreas()
      })
      item.append(`Place ${index + 1}: ${EDGES.map(edge => Math.round(box[edge])).join(', ')} `, gone)
      return item
    }))
    for (const rect of this.page.querySelectorAll('[data-area]')) rect.remove()
    for (const box of this.areas) this.outline(box, 'app-redaction__area').dataset.area = ''
  }

  outline (box, name) {
    const rect = this.shape.cloneNode()
    rect.removeAttribute('data-drawing')
    rect.setAttribute('class', name)
    this.show(box, rect)
    this.page.insertBefore(rect, this.shape)
    return rect
  }

  // ---- sending ---------------------------------------------------------------------------------------------------------

  /** Puts into `data` what is sent to `to`. False, and said why, if there is nothing to send. */
  send (data, to) {
    if (to === 'draw/') {
      if (!this.box) this.announce('Draw a box first, or enter its four edges.')
      return Boolean(this.box)
    }
    const kept = [...this.areas, ...(this.box ? [this.box] : [])]
    if (!kept.length) {
      this.announce('Draw a box around what is kept first.')
      return false
    }
    for (const edge of EDGES) data.delete(edge)
    for (const box of kept) data.append('area', EDGES.map(edge => box[edge].toFixed(2)).join(','))
    return true
  }

  /** Leaves the drawn box on the page until it is saved. */
  leave (id) {
    this.outline(this.box, 'app-redaction__drawing').dataset.pending = id
    this.stop()
    this.clear()
  }

  /** After the answer: what was sent is in the list now, or is given back to be mended. */
  saved ({ id, to, values }, done) {
    this.page.querySelector(`[data-pending="${CSS.escape(id)}"]`)?.remove()
    if (!this.form) return
    if (!done && to === 'draw/') this.put(Object.fromEntries(EDGES.map(edge => [edge, Number([values[edge]].flat()[0])])))
    if (done && to === 'keep-only/') {
      this.areas = []
      this.clear()
      this.showAreas()
    }
  }
}
