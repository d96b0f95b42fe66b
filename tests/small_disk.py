"""
A small disk of the tests' own, which can be filled, made read-only, or broken while it is used.

It is a file with an ext4 file system that the kernel mounts, so what programs meet on it are the
kernel's own errors. Only root may mount, and only where there are loop devices.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

SIZE = 24 * 2**20  # bytes
_SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN of the kernel: from now on everything is EIO
_AT_ONCE = (2).to_bytes(4, "little")  # without writing down what is in memory


def can_mount() -> bool:
    """Whether this process may make such a disk."""
    tools = all(map(shutil.which, ("mkfs.ext4", "mount", "umount")))
    return tools and os.geteuid() == 0 and Path("/dev/loop-control").exists()


class SmallDisk:
    """The disk, mounted at *place* as long as the context lasts; raises OSError if it cannot be."""

    def __init__(self, folder: Path) -> None:
        self._image = folder / "disk.img"
        self.place = folder / "disk"

    def __enter__(self) -> Self:
        self.place.mkdir(exist_ok=True)
        with self._image.open("wb") as file:
            file.truncate(SIZE)
        _do("mkfs.ext4", "-q", "-F", "-m", "0", str(self._image))
        self.mount()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        # Whoever still has a file open there keeps it until that is closed.
        _do("umount", "--lazy", str(self.place))
        self._image.unlink()

    def mount(self) -> None:
        """Put the disk in its place."""
        _do("mount", "-o", "loop,errors=remount-ro", str(self._image), str(self.place))

    def unmount(self) -> None:
        """Take it away; whoever uses it has ended."""
        _do("umount", str(self.place))

    def repair(self) -> None:
        """Take it away, check it, and put it back, as an operator does."""
        self.unmount()
        # 1: errors were corrected
        checked = subprocess.run(
            ["e2fsck", "-p", "-f", str(self._image)], check=False, capture_output=True
        )
        if checked.returncode not in (0, 1):
            raise OSError(checked.stdout.decode())
        self.mount()

    def fill(self) -> None:
        """Leave no byte free."""
        block = bytes(4096)
        with (self.place / "filler").open("wb", buffering=0) as file:
            try:
                while file.write(block):
                    pass
            except OSError:
                pass

    def make_room(self) -> None:
        """Free what `fill` has taken."""
        (self.place / "filler").unlink()

    def close_to_writing(self) -> None:
        """Let the kernel find an error, after which it mounts the disk read-only by itself."""
        for device in Path("/sys/block").glob("loop*"):
            backing = device / "loop/backing_file"
            if backing.exists() and backing.read_text().strip() == str(self._image.resolve()):
                Path(f"/sys/fs/ext4/{device.name}/trigger_fs_error").write_text("a test")

    def break_down(self) -> None:
        """Answer everything with EIO, reading too."""
        folder = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, _SHUTDOWN, _AT_ONCE)
        finally:
            os.close(folder)


def _do(*command: str, fine: tuple[int, ...] = (0,)) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode not in fine:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
