# Not built where it was written: there no container could be built. The rest of the installation
# is tested; see docs/how-to/install.md.
FROM python:3.11-slim-bookworm AS build

WORKDIR /src
COPY . .
RUN python -m venv /opt/syntx \
    && /opt/syntx/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock \
    && /opt/syntx/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim-bookworm

RUN groupadd --system --gid 993 syntx \
    && useradd --system --uid 993 --gid syntx --no-create-home --home-dir /var/lib/syntx \
        --shell /usr/sbin/nologin syntx \
    && install -d -o syntx -g syntx -m 0750 /var/lib/syntx
COPY --from=build /opt/syntx /opt/syntx

ENV PATH=/opt/syntx/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    SYNTX_HOME=/var/lib/syntx

USER syntx
WORKDIR /var/lib/syntx
VOLUME /var/lib/syntx

# Unhealthy is what stands still until somebody does something; `syntx status` tells what and why.
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 \
    CMD ["/bin/sh", "-c", "told=$(syntx status --json) && case $told in *'\"health\": \"CRITICAL\"'*) exit 1 ;; esac"]

# Asked to stop, it drains: jobs in flight have consumer.drain_seconds (30), the rest goes back.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/bin/sh", "-ec", "syntx init \"$SYNTX_HOME\"; exec syntx \"$@\"", "syntx"]
CMD ["run"]
