# The web application, the portal, workers, beat and the sequencer: one image, another command each (docker-compose.yml).

FROM node:22-bookworm-slim AS pages
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend frontend
COPY static static
COPY templates templates
RUN npm run build

FROM python:3.13-slim-bookworm AS packages
COPY requirements.txt requirements-models.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt \
    && /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: --no-deps --ignore-requires-python -r requirements-models.txt

FROM python:3.13-slim-bookworm
# optical character recognition of scanned pages: the leak check looks at what remains;
# ffmpeg: viewing copies of recordings that no browser plays
RUN apt-get update \
    && apt-get install -y --no-install-recommends tesseract-ocr ffmpeg \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app evidence
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/app/var/static
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=pages /build/static/build static/build
# what the sandbox starts for each file may write nothing, its bytecode neither
RUN python -m compileall -q sandbox redaction evidence disclosure \
    && python -m zipapp evidence-upload -m evidence_upload.__main__:main -p "/usr/bin/env python3" -o /venv/bin/evidence-upload
# settings need their variables to be read; nothing of these values stays in the image
RUN key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    && SECRET_KEY=build DATABASE_URL=postgresql://build@127.0.0.1:1/build REDIS_URL=redis://127.0.0.1:1/0 \
       VAULT_SIGNING_KEY=$key AUDIT_HMAC_KEYS=$key AUDIT_PUBLIC_KEY=$key IDENTITY_KEYS=$key \
       python manage.py collectstatic --noinput -v 0
USER 10001
EXPOSE 8000
CMD ["gunicorn", "--config=config/gunicorn.py", "config.wsgi"]
