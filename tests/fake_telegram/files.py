"""Methods that send a file and say where one is."""

from __future__ import annotations

from fake_telegram.messages import send
from fake_telegram.texts import caption
from fake_telegram.world import File, Json, World, bad_request

DOWNLOAD_LIMIT = 20 * 1024 * 1024  # bytes, that getFile hands out


def send_document(world: World, params: Json) -> Json:
    """Write a file, uploaded with the call or known by its id."""
    content = caption(params)
    file = params.get("document")
    if not isinstance(file, File):
        file = world.files.get(str(file))
    if file is None:
        raise bad_request("there is no document in the request")
    world.files[file.file_id] = file
    return send(world, params, content | {"document": document(file)})


def document(file: File) -> Json:
    """Give the Document object of *file*."""
    names = {"file_id": file.file_id, "file_unique_id": f"u{file.file_id}"}
    return names | {"file_name": file.name, "file_size": file.size}


def get_file(world: World, params: Json) -> Json:
    """Say where a file can be fetched."""
    file = world.files.get(params.get("file_id", ""))
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    names = {"file_id": file.file_id, "file_unique_id": f"u{file.file_id}"}
    return names | {"file_size": file.size, "file_path": f"documents/{file.file_id}"}
