"""Bytes that were stored or cached and cannot be read back, and documents that are malformed."""

from __future__ import annotations

import csv
import dbm
import gzip
import io
import json
import lzma
import marshal
import pickle
import sys
import tarfile
import tempfile
import tomllib
import types
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from cryptography.fernet import Fernet

from tests.corpus.errors.schema import Case

from .labels import MASKS, raised, stays, surfaces, thrown

CLEAR_OR_SURFACE = "CLEAR_CACHE_AND_RETRY SURFACE"
SAME_BYTES_AGAIN = "RETRY_WITH_BACKOFF RESET_CONNECTION ROLLBACK_TRANSACTION RATE_LIMIT_BACKOFF"


def load_cached_profile(read: Callable[[], bytes], decode: Callable[[bytes], object]) -> BaseException:
    """A value is found in the cache and turns out not to be readable."""

    def get_from_cache(key: str) -> object:
        cached = read()
        try:
            return decode(cached)
        except Exception as error:
            error.add_note(f"while decoding the cached value of {key}")
            raise

    return raised(lambda: get_from_cache("profile:150234"))


def cached(content: bytes, decode: Callable[[bytes], object]) -> BaseException:
    return load_cached_profile(lambda: content, decode)


def stored(content: bytes, read: Callable[[Path], object]) -> BaseException:
    """A file from an earlier run that cannot be read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snapshot.bin"
        path.write_bytes(content)
        return raised(lambda: read(path))


def read_dbm(path: Path) -> None:
    with dbm.open(str(path)) as entries:
        entries.keys()


def pickled_by_an_earlier_release(module_stays: bool) -> BaseException:
    module = types.ModuleType("legacy_profiles")
    sys.modules["legacy_profiles"] = module
    old: Any = type("ProfileV1", (), {"__module__": "legacy_profiles"})
    setattr(module, "ProfileV1", old)  # noqa: B010
    content = pickle.dumps(old())
    delattr(module, "ProfileV1")
    if not module_stays:
        del sys.modules["legacy_profiles"]
    try:
        return cached(content, pickle.loads)
    finally:
        sys.modules.pop("legacy_profiles", None)


CASES: list[Case] = [
    stays(
        "cached_pickle_truncated",
        lambda: cached(pickle.dumps({"name": "Ana", "bio": "x" * 90})[:40], pickle.loads),
        "cache validation",
        "The cached bytes are cut off; drop them and compute the value anew.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "cached_pickle_invalid_load_key",
        lambda: cached(b"<!DOCTYPE html><html>", pickle.loads),
        "cache validation",
        "The cached bytes are no pickle at all.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "cached_pickle_empty",
        lambda: cached(b"", pickle.loads),
        "cache validation",
        "An empty cache entry; 'Ran out of input' has nothing to do with resources.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "cached_pickle_of_a_newer_python",
        lambda: cached(b"\x80\x63}q\x00.", pickle.loads),
        "cache validation",
        "Another release wrote the entry with a protocol that this one does not know.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "cached_pickle_of_a_class_that_is_gone",
        lambda: pickled_by_an_earlier_release(module_stays=True),
        "cache programming",
        "An entry of the last release; the code is right and the entry is stale.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN + " " + MASKS,
    ),
    stays(
        "cached_pickle_of_a_module_that_is_gone",
        lambda: pickled_by_an_earlier_release(module_stays=False),
        "cache configuration programming",
        "An entry of the last release names a module that no longer exists.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN + " " + MASKS,
    ),
    stays(
        "cached_json_truncated",
        lambda: cached(b'{"name": "Ana", "roles": ["adm', json.loads),
        "cache validation",
        "The cached text is cut off.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "cached_bytes_not_compressed",
        lambda: cached(b"plain text", zlib.decompress),
        "cache validation",
        "The entry was written before compression was introduced.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "cached_compressed_bytes_cut_off",
        lambda: cached(zlib.compress(b"x" * 9000)[:12], zlib.decompress),
        "cache validation",
        "The compressed entry is incomplete.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "cached_bytes_not_utf8",
        lambda: cached(b"\xff\xfeA\x00n\x00", bytes.decode),
        "validation cache",
        "The entry is not in the encoding that the code expects.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "cached_marshal_too_short",
        lambda: cached(marshal.dumps([1, 2, 3])[:6], marshal.loads),
        "cache validation",
        "The cached code or data are cut off.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "stored_gzip_is_no_gzip",
        lambda: stored(b"id;total\n1;2\n", lambda path: gzip.decompress(path.read_bytes())),
        "validation cache filesystem",
        "The file is not compressed although its reader expects it.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "stored_gzip_truncated",
        lambda: stored(gzip.compress(b"x" * 9000)[:-12], lambda path: gzip.decompress(path.read_bytes())),
        "validation cache filesystem",
        "The stored file lacks its end; an EOFError that no stream caused.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "stored_zip_is_no_zip",
        lambda: stored(b"PK oh no", zipfile.ZipFile),
        "validation filesystem cache",
        "The file is no archive.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "stored_tar_is_no_tar",
        lambda: stored(b"backup failed: 503\n", tarfile.open),
        "validation filesystem cache",
        "The file is no archive but the message of a failed backup.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "stored_xz_corrupt",
        lambda: stored(b"\xfd7zXZ\x00garbage", lambda path: lzma.decompress(path.read_bytes())),
        "validation filesystem cache",
        "The compressed file is damaged.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    stays(
        "stored_dbm_of_unknown_type",
        lambda: stored(b"not a database", read_dbm),
        "filesystem cache validation",
        "The file is no key-value store.",
        CLEAR_OR_SURFACE,
        SAME_BYTES_AGAIN,
    ),
    surfaces(
        "imported_text_file_not_utf8",
        lambda: stored("Müller;Köln".encode("latin-1"), lambda path: path.read_text(encoding="utf-8")),
        "validation",
        "A file of a customer in another encoding.",
    ),
    surfaces(
        "imported_xml_not_well_formed",
        lambda: raised(lambda: ElementTree.fromstring("<invoice><total>5</invoice>")),
        "validation",
        "A tag is not closed.",
    ),
    surfaces(
        "imported_csv_field_too_large",
        lambda: raised(lambda: list(csv.reader(io.StringIO('"' + "x" * 140_000)))),
        "validation",
        "An unclosed quote swallows the rest of the file.",
    ),
    surfaces(
        "csv_file_opened_in_binary_mode",
        lambda: raised(lambda: next(csv.reader(io.BytesIO(b"a;b\n")))),  # type: ignore[arg-type]
        "programming",
        "The code opened the file in the wrong mode.",
    ),
    surfaces(
        "settings_toml_malformed",
        lambda: raised(lambda: tomllib.loads("[server]\nport = 80 80")),
        "configuration validation",
        "TOML is the format of settings, and this line is wrong.",
    ),
    surfaces(
        "stored_token_cannot_be_decrypted",
        lambda: raised(lambda: Fernet(Fernet.generate_key()).decrypt(b"gAAAAABmtampered")),
        "validation auth configuration",
        "The secret was tampered with or encrypted with another key.",
    ),
    surfaces(
        "stored_secret_encrypted_with_a_retired_key",
        lambda: thrown(ValueError("No key in the ring matches key id 429 of the stored secret")),
        "configuration validation auth",
        "Somebody took the key away; 429 is its number.",
    ),
]
