// Drawing a box: dragged with the mouse, typed as numbers, or moved and sized with the arrow keys.
const MIN = 2
const STEP = 4
const FAR = 20

export class Drawing {
  constructor (editor, page) {
    this.editor = editor
    this.page = page
    this.form = editor.querySelector('[data-draw]')
    this.shape = editor.querySelector('[data-drawing]')
    this.details = editor.querySelector('[data-draw-details]')
    this.origin = null
    if (!this.form) return
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
    const edges = ['left', 'top', 'right', 'bottom']
    const [left, top, right, bottom] = edges.map(edge => Number.parseFloat(this.form.elements[edge].value))
    return right > left && bottom > top ? { left, top, right, bottom } : null
  }

  put (box) {
    for (const [edge, value] of Object.entries(box)) this.form.elements[edge].value = value.toFixed(1)
    this.show()
  }

  show (box = this.box) {
    if (!box) return
    this.shape.setAttribute('x', box.left)
    this.shape.setAttribute('y', box.top)
    this.shape.setAttribute('width', box.right - box.left)
    this.shape.setAttribute('height', box.bottom - box.top)
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
    this.form.elements.category.focus()
  }
}
