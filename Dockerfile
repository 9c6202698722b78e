# The app in a container; Neo4j runs beside it (docker-compose.yml), so no Java is installed here.
FROM python:3.11-slim-bookworm

RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 duanlian && mkdir /app /data && chown duanlian /app /data
USER duanlian
WORKDIR /app
COPY --chown=duanlian . .
RUN make setup
ENV DUANLIAN_HOME=/data
EXPOSE 8501
CMD [".venv/bin/python", "-m", "ui.launch", "--host", "0.0.0.0"]
