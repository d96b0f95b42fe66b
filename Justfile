# Each line can be typed without `just` as well; `pip install rust-just` brings it.

# Make .venv with everything that developing takes
setup:
    python3 -m venv .venv && .venv/bin/pip install --constraint requirements-dev.lock --editable '.[dev]'

# All tests
test:
    .venv/bin/python -m pytest -n 2

# The tests that need neither the model nor Telegram nor much time
fast:
    .venv/bin/python -m pytest -n 2 -m 'not slow and not telegram and not model' --hypothesis-profile=fast --ignore=tests/telegram --ignore=tests/fake_telegram

# Style, types, and what may import what
lint:
    .venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports && .venv/bin/hadolint Dockerfile

# Whether the answers are as good as pinned
gate:
    .venv/bin/python -m pytest tests/gate

# How fast it is beside sentence-transformers, on a question file
bench questions="tests/gate/articles.jsonl":
    .venv/bin/python tests/benchmarks/speed.py {{questions}}

# The exact versions of everything: what developers have, and with hashes what deployments have;
# `pip install uv` brings what resolves them
lock:
    .ci/lock
