"""The keys of the planner: from the environment, or made once and kept in the instance folder with mode 0600.

`data.key` holds the key that wraps every client's key, in 32 bytes. After it was changed for a new one it holds 64: the
new key, and behind it the first key ever, from which links and look-up digests go on being made; that part wraps
nothing. The key of before stays in `data.key.old` until nothing is under it any more.
"""

from __future__ import annotations

import base64
import binascii
import errno
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

KEY_BYTES = 32
FEWEST_DIFFERENT_BYTES = 8
"""A key with fewer was typed by hand."""
NAMES = ("PLANNER_SECRET_KEY", "PLANNER_DATA_KEY")
OLD_NAME = "PLANNER_OLD_DATA_KEY"
SECRET_FILE, DATA_FILE, OLD_FILE = "secret.key", "data.key", "data.key.old"
MISSING = (
    "Bij deze database hoort een sleutel. Zet data.key terug in {}, "
    "of doe: .venv/bin/flask --app wsgi keys import BLAD."
)


@dataclass(frozen=True, slots=True)
class Keys:
    """`old`: the data key of before, while a change of keys is under way. `in_files`: not from the environment.
    `is_gone`: the data key that belongs to the database is not there, and no other was made. `kept`: not only made in
    memory, for who looks."""

    secret: bytes = field(default=b"", repr=False)
    data: bytes = field(default=b"", repr=False)
    old: bytes = field(default=b"", repr=False)
    in_files: bool = True
    is_gone: bool = False
    kept: bool = True


def keys_of(
    env: Mapping[str, str], instance: Path, url: str, problems: list[str], *, looks: bool = False
) -> Keys:
    """Both from the environment, or both from the instance folder. `looks`: nothing is made there; keys that are not
    there are in memory until `keep`."""
    given = [name for name in NAMES if env.get(name)]
    if len(given) == 1:
        problems.append(
            f"Alleen {given[0]} is gezet. Zet {NAMES[0]} en {NAMES[1]} allebei, of geen van beide."
        )
    files = (instance / SECRET_FILE, instance / DATA_FILE)
    database = Path(url.removeprefix("sqlite:///"))
    if problems:
        return Keys()
    # a new key would open nothing that is there
    is_gone = not given and url.startswith("sqlite:") and database.exists() and not files[1].exists()
    try:
        if not looks:
            instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        texts = [env.get(name) or "" for name in NAMES]
        texts[0] = texts[0] or _kept(files[0], problems, looks)
        texts[1] = texts[1] or ("" if is_gone else _kept(files[1], problems, looks))
        kept = bool(given) or all(file.exists() for file in files)
        old = env.get(OLD_NAME) or ""
        old = old if given else _old_text(instance)
    except OSError as error:
        problems.append(f"De map {instance} is niet te gebruiken: {error.strerror or error}.")
        return Keys()
    secret = _key(NAMES[0], texts[0], files[0], problems, (KEY_BYTES,))
    data = b"" if is_gone else _key(NAMES[1], texts[1], files[1], problems)
    if secret == data and not problems:
        problems.append(f"{NAMES[0]} en {NAMES[1]} zijn hetzelfde. Neem twee verschillende sleutels.")
    before = _key(OLD_NAME, old, instance / OLD_FILE, problems) if old else b""
    return Keys(secret, data, before, in_files=not given, is_gone=is_gone, kept=kept)


def keep(instance: Path, secret: bytes, data: bytes) -> None:
    """Put keys that were made in memory in their files, before anything is written under them. Raises OSError where the
    folder cannot be used, FileExistsError when another process made keys since."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path, key in ((instance / SECRET_FILE, secret), (instance / DATA_FILE, data)):
        if key:
            _put_first(path, text_of(key))
    there = data_keys_in(instance)
    if data and (there is None or there[0] != data):
        raise FileExistsError(errno.EEXIST, "een ander programma maakte net de sleutels; probeer het zo weer")


def data_keys_in(instance: Path) -> tuple[bytes, bytes] | None:
    """The data key and the one of before as the files hold them now; None when they cannot be read."""
    problems: list[str] = []
    try:
        text = (instance / DATA_FILE).read_text(encoding="ascii", errors="replace")
        old = _old_text(instance)
    except OSError:
        return None
    data = _key(NAMES[1], text, instance / DATA_FILE, problems)
    before = _key(OLD_NAME, old, instance / OLD_FILE, problems) if old else b""
    return None if problems else (data, before)


def renewed(data_key: bytes) -> bytes:
    """A new data key: what is made from the first one stays the same."""
    return secrets.token_bytes(KEY_BYTES) + data_key[-KEY_BYTES:]


def replace_data_key(instance: Path, key: bytes) -> None:
    """Put a data key in the place of the one that is there, which stays beside it as the old one: at every moment one
    of the two files opens what is there."""
    with suppress(FileExistsError):
        os.link(instance / DATA_FILE, instance / OLD_FILE)
    _draft(instance / DATA_FILE, text_of(key)).replace(instance / DATA_FILE)
    _sync(instance)


def forget_old_key(instance: Path) -> None:
    (instance / OLD_FILE).unlink(missing_ok=True)
    _sync(instance)


def write_private(path: Path, text: str) -> None:
    """A small secret file: whole or not at all, ours alone."""
    _draft(path, text).replace(path)
    _sync(path.parent)


def text_of(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode("ascii") + "\n"


def _old_text(instance: Path) -> str:
    path = instance / OLD_FILE
    return path.read_text(encoding="ascii", errors="replace") if path.exists() else ""


def _key(
    name: str,
    text: str,
    file: Path,
    problems: list[str],
    lengths: tuple[int, ...] = (KEY_BYTES, 2 * KEY_BYTES),
) -> bytes:
    """Bytes from base64, either alphabet."""
    try:
        key = base64.b64decode(
            text.strip().replace("+", "-").replace("/", "_"), altchars=b"-_", validate=True
        )
    except (ValueError, binascii.Error):
        key = b""
    if len(key) not in lengths or len(set(key)) < FEWEST_DIFFERENT_BYTES:
        problems.append(f"{name} ({file.name}) moet bestaan uit {KEY_BYTES} willekeurige bytes in base64.")
    return key


def _kept(path: Path, problems: list[str], looks: bool) -> str:
    """The key kept in a file; made on the first start. Two starting processes agree on one."""
    new = text_of(secrets.token_bytes(KEY_BYTES))
    if looks and not path.exists():
        return new
    _put_first(path, new)
    if path.stat().st_mode & 0o077:
        problems.append(f"Anderen op deze computer kunnen {path.name} lezen. Doe eerst: chmod 600 {path}")
    return path.read_text(encoding="ascii", errors="replace")


def _put_first(path: Path, text: str) -> None:
    """Never replaces a key that another process just made."""
    if not path.exists():
        draft = _draft(path, text)
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()


def _draft(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync(folder: Path) -> None:
    """A new name in a folder is only there after a power cut when the folder itself was written."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
