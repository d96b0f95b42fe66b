"""A job in the background: one thread at a time, and no request is lost."""

from __future__ import annotations

import threading

import pytest

from index.retrieval.background import BackgroundJob

NAME = "job of a test"


def settle() -> None:
    """Wait until the job is done."""
    for thread in threading.enumerate():
        if thread.name == NAME:
            thread.join(10)


def test_a_request_during_the_job_lets_it_run_once_more() -> None:
    """However often it is asked for meanwhile, it runs once again, and not at the same time."""
    started, finish, runs = threading.Event(), threading.Event(), []

    def job() -> None:
        runs.append(sum(thread.name == NAME for thread in threading.enumerate()))
        started.set()
        finish.wait(10)

    background = BackgroundJob(job, NAME)
    background.request()
    started.wait(10)
    for _ in range(5):
        background.request()
    finish.set()
    settle()

    assert runs == [1, 1]
    assert not background.running


def test_a_later_request_starts_it_anew() -> None:
    """A job that was done can be asked for again."""
    runs: list[int] = []
    background = BackgroundJob(lambda: runs.append(1), NAME)
    for _ in range(3):
        background.request()
        settle()
    assert runs == [1, 1, 1]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_job_that_fails_can_be_asked_for_again() -> None:
    """One failure does not stop those that follow."""
    runs: list[int] = []

    def job() -> None:
        runs.append(1)
        raise MemoryError

    background = BackgroundJob(job, NAME)
    for _ in range(2):
        background.request()
        settle()
    assert runs == [1, 1]
