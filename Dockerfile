# One image for web, worker and beat; compose.yaml says which is which.
FROM node:22-bookworm-slim AS front
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM python:3.12-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1
# Fixed numbers, since files restored from a backup must belong to the same user again.
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --no-create-home --home-dir /srv --shell /usr/sbin/nologin app \
    && install --directory --owner app --group app --mode 700 /srv/files /srv/var
WORKDIR /srv/app
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir --root-user-action=ignore --only-binary=:all: -r requirements.txt
COPY --from=front /src/node_modules node_modules
COPY . .
# Random keys that exist in this layer's shell only: production settings start with nothing less.
RUN eval "$(python scripts/throwaway.py)" \
    && STATIC_ROOT=/srv/static python manage.py collectstatic --noinput -v0
USER app
ENV DJANGO_SETTINGS_MODULE=config.settings.production \
    VAR_DIR=/srv/var FILES_DIR=/srv/files STATIC_ROOT=/srv/static
EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "wsgi", "config.wsgi:application", \
     "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", \
     "--no-ws", "--respawn-failed-workers"]
