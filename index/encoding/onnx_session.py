"""
The one way to onnxruntime: its import, with telemetry switched off before, and its sessions.

Whatever else needs onnxruntime takes it from here (the linter refuses another import).
"""

from __future__ import annotations

from pathlib import Path

from index.encoding.telemetry import switch_off_telemetry
from index.encoding.threads import available_cores

switch_off_telemetry()

import onnxruntime  # noqa: E402, TID251 (here, behind the switch)
from onnxruntime import InferenceSession  # noqa: E402, TID251

__all__ = ["InferenceSession", "onnxruntime", "open_session"]

# How long a thread waits awake for the next operator. Sleeping at once costs a question a fifth of
# its time. So does waiting for milliseconds, the default, as soon as the machine is busy: there it
# takes twice the processor time, and 20 µs take none.
MICROSECONDS_AWAKE = 20


def open_session(graph: Path, threads: int) -> InferenceSession:
    """Load *graph*, which is optimised already, to be run by so many *threads* at most."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = min(threads, available_cores())
    options.add_session_config_entry("session.intra_op.spin_duration_us", str(MICROSECONDS_AWAKE))
    options.log_severity_level = 3  # errors, which are raised as well
    return InferenceSession(graph, options, providers=["CPUExecutionProvider"])
