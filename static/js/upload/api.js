// The upload API (see /api/docs/), and the one PUT of a part to wherever its signed address leads.

/** A request that was answered with a refusal. `retriable`: the same request may succeed later. */
export class Refused extends Error {
  constructor (status, message, retriable) {
    super(message)
    this.name = 'Refused'
    this.status = status
    this.retriable = retriable
  }
}

/** No answer came: the line is down, or the server is. `store`: where the parts go, if it was that which did not answer. */
export class Offline extends Error {
  constructor (store = '') {
    super('The connection was lost')
    this.name = 'Offline'
    this.store = store
  }

  /** What a person can do about it, once waiting has not helped. */
  get advice () {
    const kept = 'What has arrived is kept, and this page goes on by itself as soon as it can.'
    if (this.store) {
      return `This site answers, but the store that takes the files (${this.store}) cannot be reached from this computer. ` +
        `Ask your IT service desk whether a firewall or proxy blocks that address. ${kept}`
    }
    return `This site cannot be reached. Check this computer's network or VPN. ${kept}`
  }
}

export class Api {
  /** `openUrl`: where an upload of this exhibit is opened; `uploadUrl`: an upload's own, with a nil id in its place. */
  constructor ({ openUrl, uploadUrl, csrf }) {
    this.openUrl = openUrl
    this.uploadUrl = uploadUrl
    this.csrf = csrf
  }

  open (file) {
    return this.#post(this.openUrl, { size: file.size, name: file.name, last_modified: Math.max(0, Math.trunc(file.lastModified)) })
  }

  sign (id, part) {
    return this.#post(this.#of(id, 'parts/'), part)
  }

  stored (id, number) {
    return this.#post(this.#of(id, `parts/${number}/stored/`), {})
  }

  complete (id, sha256) {
    return this.#post(this.#of(id, 'complete/'), { sha256 })
  }

  #of (id, rest) {
    return this.uploadUrl.replace('00000000-0000-0000-0000-000000000000', id) + rest
  }

  async #post (url, body) {
    let answer
    try {
      answer = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': this.csrf, Accept: 'application/json' },
        body: JSON.stringify(body),
        credentials: 'same-origin'
      })
    } catch {
      throw new Offline()
    }
    if (answer.ok) return answer.json()
    const told = await answer.json().catch(() => ({}))
    throw new Refused(answer.status, sentence(told, answer.status), answer.status >= 500 || answer.status === 429)
  }
}

/** PUT a part; `sent(bytes)` is told how much has left so far. XMLHttpRequest, because fetch doesn't tell. */
export function put (signed, blob, sent, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', signed.url)
    for (const [name, value] of Object.entries(signed.headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = event => sent(event.loaded)
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return resolve()
      // A refused part is signed and sent again: its address may have expired, or bytes were damaged on the way
      reject(new Refused(request.status, `The store refused a part of the file (status ${request.status}). If that goes on, tell your IT service desk`, true))
    }
    request.onerror = () => reject(new Offline(new URL(signed.url, location.href).origin))
    request.onabort = () => reject(new DOMException('Paused', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    if (signal.aborted) return reject(new DOMException('Paused', 'AbortError'))
    request.send(blob)
  })
}

/** The first sentence of an error's JSON, or a plain one. */
export function sentence (told, status) {
  if (status === 401 || status === 403) return 'You have been signed out, or may not send files here. What has arrived is kept: sign in and choose the same file again.'
  const texts = Object.values(told).flat().filter(value => typeof value === 'string')
  return texts[0] ?? 'The server could not take the file'
}
