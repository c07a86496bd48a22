# One image, six jobs: web, worker, bulk, beat, standby and watchdog. docker-compose.yml says which.
# What builds it stays behind: neither npm nor pip, nor a compiler, nor a file of tests is in what runs.

FROM node:24-slim AS assets
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.12-slim AS packages
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv --without-pip /opt/casework
COPY requirements.txt ./
# Every package is pinned, so none is looked for besides; `check` says if one was forgotten.
RUN pip --python /opt/casework/bin/python install --no-deps -r requirements.txt \
    && pip --python /opt/casework/bin/python check

FROM packages AS tree
COPY casework ./casework
COPY incidents ./incidents
COPY protocols ./protocols
COPY templates ./templates
COPY static ./static
COPY manage.py package-lock.json ./
COPY --from=assets /src/node_modules ./node_modules
# Compiled here, for nothing can be written where it runs.
RUN /opt/casework/bin/python -c "import casework.assets as assets; assets.copy_served()" \
    && rm -r node_modules requirements.txt \
    && /opt/casework/bin/python -m compileall -q casework incidents protocols manage.py

FROM packages AS catcher
COPY requirements-local.txt ./
RUN grep -E '^(aiosmtpd|atpublic)==' requirements-local.txt > catcher.txt \
    && pip --python /opt/casework/bin/python install --no-deps -r catcher.txt

FROM python:3.12-slim AS runtime
# Number and name of who runs it are fixed, so that files on the host can be made theirs.
RUN groupadd --system --gid 10001 casework \
    && useradd --system --uid 10001 --gid casework --no-create-home --home-dir /tmp --shell /usr/sbin/nologin casework \
    && pip uninstall --yes --root-user-action=ignore pip
ENV PATH=/opt/casework/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
COPY --from=tree /src /src
STOPSIGNAL SIGTERM
USER 10001:10001

# For a trial without a mail server: docker-compose.yml's service "mail". It is no part of what is built for use.
FROM runtime AS mail
COPY --from=catcher /opt/casework /opt/casework
CMD ["python", "-m", "casework.mailbox", "/tmp/mail", "--listen=0.0.0.0", "--smtp-port=1025", "--page-port=8025"]

FROM runtime AS service
LABEL org.opencontainers.image.title="Casework" \
      org.opencontainers.image.description="Case work for children missing from care in England"
COPY --from=packages /opt/casework /opt/casework
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "-m", "casework.alive", "web"]
CMD ["gunicorn", "-c", "python:casework.gunicorn_conf"]
