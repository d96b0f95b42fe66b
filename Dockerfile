# The bot without torch: the model is exported in a stage of its own, and only the export is kept.
# docs/deployment/README.md says what it weighs, and how it is used.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS runtime
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/article-bot
COPY docs/deployment/runtime.lock /locks/
RUN /opt/article-bot/bin/pip install --no-deps --require-hashes --requirement /locks/runtime.lock
COPY pyproject.toml README.md LICENSE /source/
COPY bot /source/bot
COPY index /source/index
COPY seeds /source/seeds
RUN /opt/article-bot/bin/pip install --no-deps /source

FROM runtime AS export
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
COPY docs/deployment/export.lock /locks/
RUN /opt/article-bot/bin/pip install --no-deps --require-hashes --extra-index-url "${TORCH_INDEX}" \
    --requirement /locks/export.lock
ENV ARTICLE_BOT_CACHE=/var/cache/article-bot
# The first answer exports the model; what it has read of the article is left out.
RUN /opt/article-bot/bin/article-bot --database sqlite:////tmp/export.sqlite \
        ask "what conditions did the US set?" \
    && rm -r /var/cache/article-bot/windows

FROM python:${PYTHON}
RUN useradd --system --uid 10001 --no-create-home article-bot \
    && install --directory --owner=article-bot --mode=700 /var/lib/article-bot
COPY --from=runtime /opt/article-bot /opt/article-bot
COPY --from=export --chown=article-bot /var/cache/article-bot /var/cache/article-bot
ENV PATH=/opt/article-bot/bin:$PATH \
    ARTICLE_BOT_CACHE=/var/cache/article-bot \
    ARTICLE_BOT_DATABASE=sqlite:////var/lib/article-bot/articles.sqlite
USER 10001
WORKDIR /var/lib/article-bot
VOLUME /var/lib/article-bot
# Twice the time that the longest migration and the loading of the models took.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD \
    ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9464/ready')"]
ENTRYPOINT ["article-bot"]
CMD ["telegram", "--metrics-port", "9464", "--log-format", "json"]
