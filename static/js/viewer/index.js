// Pictures and recordings: look closer, turn, step through frames, see where there is sound.
const LARGEST_WAVE = 64 * 1024 * 1024

class Picture {
  constructor (root) {
    this.image = root.querySelector('img')
    this.zoom = 1
    this.turn = 0
    for (const button of root.querySelectorAll('button[data-do]')) button.addEventListener('click', () => this[button.dataset.do]())
    root.querySelector('[data-pan]').addEventListener('keydown', event => {
      const does = { '+': 'larger', '-': 'smaller', r: 'rotate', 0: 'whole' }[event.key]
      if (does) this[does]()
    })
  }

  larger () { this.#show(this.zoom * 1.25, this.turn) }
  smaller () { this.#show(this.zoom / 1.25, this.turn) }
  rotate () { this.#show(this.zoom, this.turn + 90) }
  whole () { this.#show(1, 0) }

  #show (zoom, turn) {
    this.zoom = Math.min(Math.max(zoom, 0.25), 16)
    this.turn = turn % 360
    this.image.style.maxWidth = this.image.style.maxHeight = this.zoom > 1 ? 'none' : ''
    this.image.style.width = this.zoom === 1 ? '' : `${this.zoom * 100}%`
    this.image.style.transform = this.turn ? `rotate(${this.turn}deg)` : ''
  }
}

class Recording {
  constructor (root) {
    this.media = root.querySelector('video, audio')
    this.rate = Number(root.dataset.frameRate) || 25
    this.clock = root.querySelector('[data-clock]')
    this.status = root.querySelector('[data-status]')
    for (const button of root.querySelectorAll('button[data-do]')) button.addEventListener('click', () => this[button.dataset.do]())
    root.querySelector('select').addEventListener('change', event => { this.media.playbackRate = Number(event.target.value) })
    root.addEventListener('keydown', event => {
      const does = { ',': 'back', '.': 'forward' }[event.key]
      if (does && event.target.tagName !== 'SELECT') this[does]()
    })
    for (const name of ['timeupdate', 'seeked', 'loadedmetadata']) this.media.addEventListener(name, () => this.#tell())
    this.media.addEventListener('error', () => {
      this.status.textContent = 'The recording can’t be played on. Your 30 minutes may be over (open it again from the exhibit’s page), or this browser lacks its format (download it).'
    })
    const canvas = root.querySelector('canvas')
    if (canvas) this.#wave(canvas)
  }

  back () { this.#step(-1) }
  forward () { this.#step(1) }

  #step (frames) {
    this.media.pause()
    // To the middle of the frame: its edge may be rounded to the one before
    const frame = Math.floor(this.media.currentTime * this.rate + 1e-6) + frames
    this.media.currentTime = Math.min(Math.max(0, (frame + 0.5) / this.rate), this.media.duration || 0)
  }

  #tell () {
    const seconds = this.media.currentTime
    const two = number => String(Math.floor(number)).padStart(2, '0')
    const frame = Math.floor((seconds % 1) * this.rate + 1e-6)
    this.clock.textContent = `${two(seconds / 3600)}:${two(seconds / 60 % 60)}:${two(seconds % 60)}:${two(frame)}`
    this.line?.()
  }

  /** The loudness over time, computed here; a click goes there. */
  async #wave (canvas) {
    try {
      const head = await fetch(this.media.currentSrc || this.media.src, { method: 'HEAD' })
      if (Number(head.headers.get('Content-Length')) > LARGEST_WAVE) throw new RangeError('too large')
      const bytes = await (await fetch(this.media.src)).arrayBuffer()
      const sound = await new OfflineAudioContext(1, 1, 8000).decodeAudioData(bytes)
      this.#drawWave(canvas, sound.getChannelData(0))
    } catch (error) {
      canvas.hidden = true
      this.status.textContent = error instanceof RangeError ? 'The recording is too long for a picture of its sound.' : 'No picture of the sound can be made of this format.'
    }
  }

  #drawWave (canvas, samples) {
    const { width, height } = canvas
    const bin = Math.max(1, Math.floor(samples.length / width))
    const peaks = Array.from({ length: width }, (_, x) => {
      let most = 0
      for (let i = x * bin; i < Math.min((x + 1) * bin, samples.length); i++) most = Math.max(most, Math.abs(samples[i]))
      return most
    })
    const context = canvas.getContext('2d')
    this.line = () => {
      const here = this.media.currentTime / (this.media.duration || 1) * width
      context.clearRect(0, 0, width, height)
      peaks.forEach((peak, x) => {
        context.fillStyle = x < here ? '#1d70b8' : '#505a5f'
        context.fillRect(x, height / 2 * (1 - peak), 1, Math.max(1, height * peak))
      })
    }
    canvas.addEventListener('click', event => {
      this.media.currentTime = event.offsetX / canvas.clientWidth * (this.media.duration || 0)
    })
    this.line()
    canvas.dataset.drawn = 'true'
  }
}

for (const root of document.querySelectorAll('.app-picture')) new Picture(root)
for (const root of document.querySelectorAll('.app-recording')) new Recording(root)
