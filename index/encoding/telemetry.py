"""The libraries that are loaded tell nobody about it: what switches their telemetry off."""

from __future__ import annotations

import os

# By the variable that a library reads when it is imported. From 1.32 on onnxruntime writes a
# device id and a database below the user's cache folder, and calls its maker when a process lives
# for some seconds; nothing that can be called after its import stops both. huggingface_hub tells a
# hub, when a setting names one, about libraries and machine; torch, transformers and tokenizers
# have nothing of their own.
SWITCHES = {"ORT_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def switch_off_telemetry() -> None:
    """
    Set what the libraries read, for this process and those that it starts.

    Call it before they are imported. What the operator has set stays as it is.
    """
    for variable, value in SWITCHES.items():
        os.environ.setdefault(variable, value)
