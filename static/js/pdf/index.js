// A PDF, a page at a time: drawn here from the ranges that it needs, so that a file of any length opens at once.
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs'

const ZOOM = { step: 1.25, least: 0.25, most: 5 }
const TOO_MANY_PIXELS = 16_000_000

/** Asks for what is needed and nothing else: by itself, pdf.js begins to fetch the whole. */
class Ranges extends pdfjs.PDFDataRangeTransport {
  constructor (url, size, failed) {
    super(size, null)
    this.url = url
    this.failed = failed
  }

  async requestDataRange (begin, end) {
    try {
      const answer = await fetch(this.url, { headers: { Range: `bytes=${begin}-${end - 1}` } })
      if (!answer.ok) throw new Error(answer.statusText)
      this.onDataRange(begin, new Uint8Array(await answer.arrayBuffer()))
    } catch (error) {
      this.failed(error)
    }
  }
}

class Viewer {
  constructor (root) {
    this.root = root
    this.part = name => root.querySelector(`[data-pdf="${name}"]`)
    this.number = 1
    this.zoom = 1
    this.turn = 0
    for (const button of root.querySelectorAll('button[data-do]')) button.addEventListener('click', () => this[button.dataset.do]())
    this.part('number').addEventListener('change', event => this.go(Number(event.target.value)))
    this.part('find').addEventListener('submit', event => { event.preventDefault(); this.find() })
    this.part('page').addEventListener('keydown', event => this.#key(event))
  }

  async open () {
    const { content, size, worker, assets } = this.root.dataset
    pdfjs.GlobalWorkerOptions.workerSrc = worker
    try {
      this.document = await pdfjs.getDocument({
        range: new Ranges(content, Number(size), error => this.#fail(error)),
        disableAutoFetch: true,
        disableStream: true,
        rangeChunkSize: 256 * 1024,
        isEvalSupported: false,
        enableXfa: false,
        cMapUrl: `${assets}cmaps/`,
        standardFontDataUrl: `${assets}standard_fonts/`,
        wasmUrl: `${assets}wasm/`,
        iccUrl: `${assets}iccs/`
      }).promise
    } catch (error) {
      return this.#fail(error)
    }
    this.part('count').textContent = `of ${this.document.numPages}`
    this.part('number').max = this.document.numPages
    this.part('tools').hidden = false
    return this.go(1)
  }

  go (number) {
    this.number = Math.min(Math.max(1, Math.trunc(number) || 1), this.document.numPages)
    return this.#draw()
  }

  previous () { return this.go(this.number - 1) }
  next () { return this.go(this.number + 1) }
  first () { return this.go(1) }
  last () { return this.go(this.document.numPages) }
  larger () { return this.#scale(ZOOM.step) }
  smaller () { return this.#scale(1 / ZOOM.step) }
  rotate () { this.turn = (this.turn + 90) % 360; return this.#draw() }

  #scale (by) {
    this.zoom = Math.min(Math.max(this.zoom * by, ZOOM.least), ZOOM.most)
    return this.#draw()
  }

  async #draw () {
    const drawing = this.drawing = Symbol('drawing')
    this.task?.cancel()
    this.part('number').value = this.number
    try {
      const page = await this.document.getPage(this.number)
      if (this.drawing !== drawing) return
      const plain = page.getViewport({ scale: 1, rotation: (page.rotate + this.turn) % 360 })
      const box = this.part('page')
      const viewport = plain.clone({ scale: this.zoom * box.clientWidth / plain.width })
      // More dots than the canvas of a phone may have would show nothing at all
      const dots = Math.min(window.devicePixelRatio || 1, Math.sqrt(TOO_MANY_PIXELS / (viewport.width * viewport.height)))
      const canvas = document.createElement('canvas')
      canvas.width = Math.max(1, Math.floor(viewport.width * dots))
      canvas.height = Math.max(1, Math.floor(viewport.height * dots))
      canvas.style.width = `${Math.floor(viewport.width)}px`
      this.task = page.render({ canvas, viewport, transform: [dots, 0, 0, dots, 0, 0] })
      await this.task.promise
      if (this.drawing !== drawing) return
      const words = await this.#words(page, viewport)
      if (this.drawing !== drawing) return
      const sheet = this.part('sheet')
      sheet.style.setProperty('--total-scale-factor', viewport.scale)
      sheet.replaceChildren(canvas, words)
      this.part('status').textContent = `Page ${this.number} of ${this.document.numPages}`
      this.root.dataset.drawn = this.number
    } catch (error) {
      if (error?.name !== 'RenderingCancelledException') this.#fail(error)
    }
  }

  /** The page's words over its picture: to select, to copy, to be read out. */
  async #words (page, viewport) {
    const container = document.createElement('div')
    container.className = 'app-pdf__words'
    await new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container, viewport }).render()
    // The library measures letters on a canvas beside the page's landmarks, which nobody is to read
    for (const canvas of document.querySelectorAll('body > .hiddenCanvasElement')) canvas.setAttribute('aria-hidden', 'true')
    return container
  }

  async find () {
    const wanted = this.part('wanted').value.trim().toLowerCase()
    if (!wanted) return
    const total = this.document.numPages
    for (let step = 1; step <= total; step++) {
      const number = (this.number - 1 + step) % total + 1
      const { items } = await (await this.document.getPage(number)).getTextContent()
      if (items.map(item => item.str + (item.hasEOL ? ' ' : '')).join('').toLowerCase().includes(wanted)) {
        await this.go(number)
        this.part('status').textContent = `Found on page ${number}`
        return
      }
      if (step % 50 === 0) this.part('status').textContent = `Looked at ${step} of ${total} pages`
    }
    this.part('status').textContent = 'Not found. A scanned page has no words to find.'
  }

  #key (event) {
    const does = { PageDown: 'next', PageUp: 'previous', ArrowRight: 'next', ArrowLeft: 'previous', Home: 'first', End: 'last', '+': 'larger', '-': 'smaller', r: 'rotate' }[event.key]
    if (!does || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    this[does]()
  }

  #fail (error) {
    const said = {
      PasswordException: 'This PDF is protected by a password, so it can’t be shown. The exhibit’s page says what to do.',
      InvalidPDFException: 'This PDF is damaged, so it can’t be shown. It can still be downloaded.'
    }[error?.name] || 'The file can’t be read on. Your 30 minutes may be over: open it again from the exhibit’s page.'
    this.part('status').textContent = said
    this.root.dataset.failed = error?.name || 'Error'
  }
}

for (const root of document.querySelectorAll('.app-pdf')) new Viewer(root).open()
