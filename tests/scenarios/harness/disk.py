"""A file system of a test's own: small, so that it can be full, and remounted as one likes."""

import subprocess
from pathlib import Path

import pytest


class SmallDisk:
    """Mounted as root, or else in a mount namespace of its own, where this user may; the test is skipped where neither works.
    `data` is the path of a data folder on it for a program that is started with `wrapper` before its words."""

    def __init__(self, folder: Path, megabytes: int):
        folder.mkdir()
        self._folder, self._holder = str(folder), None
        self.wrapper: list[str] = []
        self.data = folder / "data"
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", self._folder]
        direct = subprocess.run(mount, capture_output=True, text=True)
        if direct.returncode == 0:
            self._ballast = folder / "ballast"
            return
        self._holder = subprocess.Popen(
            ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", '"$@" && echo mounted && cat', "sh", *mount],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self._holder.stdout.readline() != "mounted\n":
            why = self._holder.communicate()[1]
            pytest.skip(f"NOT TESTED: no file system can be mounted here, neither as root ({direct.stderr.strip()}) "
                        f"nor in a namespace of its own ({why.strip()})")
        pid = str(self._holder.pid)
        self.wrapper = ["nsenter", "--target", pid, "--user", "--mount", "--preserve-credentials"]
        self._ballast = Path(f"/proc/{pid}/root{self._folder}/ballast")

    def fill(self) -> None:
        """To the last byte."""
        with open(self._ballast, "ab", buffering=0) as file:
            for piece in (b"\0" * 65536, b"\0" * 4096):
                try:
                    while True:
                        file.write(piece)
                except OSError:
                    pass

    def empty(self) -> None:
        self._ballast.unlink()

    def remount(self, how: str) -> None:
        """"ro" or "rw"; nobody may have a file open for writing."""
        subprocess.run([*self.wrapper, "mount", "-o", f"remount,bind,{how}", self._folder], check=True)

    def close(self) -> None:
        if self._holder is None:
            subprocess.run(["umount", "-l", self._folder], check=True)
        else:
            self._holder.communicate()  # the mount ends with its namespace
