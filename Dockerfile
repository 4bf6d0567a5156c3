# The service, small, without root, on a file system that may be read only: all it writes is the log in /data.
#   docker build -t triage-triggers . && docker compose up
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY triage_triggers triage_triggers
COPY rulesets rulesets
RUN pip install --no-cache-dir --prefix=/install '.[cli,service]'

FROM python:3.12-slim
COPY --from=build /install /usr/local
RUN useradd --system --uid 10001 --no-create-home triage && install -d -o triage -m 700 /data
USER triage
WORKDIR /data
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/ready', timeout=2)"]
ENTRYPOINT ["triage-triggers", "serve"]
CMD ["--ruleset", "uk-ambulance", "--host", "0.0.0.0", "--log", "/data/decisions.db", "--token-file", "/run/secrets/token"]
