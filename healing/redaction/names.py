"""Which names (of keys, columns, headers, flags, variables) hold secret values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from healing.redaction.placeholders import PLACEHOLDER

MAX_NAME = 128
"""Characters of a name that are looked at; longer names keep their end, where the meaning is."""

MAX_WORDS = 24

_WORD = re.compile(r"[A-Z]{2,128}(?![a-z])|[A-Z]?[a-z]{1,128}|[A-Z]|[^\W\d_A-Za-z]{1,128}")


def word_set(listed: str) -> frozenset[str]:
    """The words of a text, as the tables of this package list them."""
    return frozenset(listed.split())


_ANYWHERE = {
    "password": (
        "password, passwords, passwd, passwds, pwd, pwds, pswd, passphrase, pass phrase, passcode, requirepass,"
        "masterauth, mnemonic, seed phrase, recovery phrase, seed words, passwort, kennwort, passw, senha, contrasena,"
        "clave de acceso, zugangscode, wachtwoord, de passe, motdepasse, haslo, heslo, losenord, adgangskode, passord,"
        "salasana, parola, sifre, jelszo, лозинка, пароль, пароля, парола, κωδικος, סיסמה, 密码, 密碼, 口令,"
        "パスワード, 비밀번호, 암호, mật khẩu, rootpw,"
        "bindpw, userpw, adminpw, dbpw, rootpass, adminpass, userpass, dbpass"
    ),
    "secret": "secret, secrets, code verifier, psk, pre shared key",
    "token": "token, tokens, jwt, csrf, xsrf, bearer",
    "api_key": "apikey, apikeys, x apikey, key material",
    "private_key": "privatekey, pem key",
    "credentials": "credential, credentials, creds, access key id",
    "authorization": "authorization",
    "cookie": "cookie, cookies",
    "session": "session id, sessionid, session key, sessid, phpsessid, jsessionid, connect sid",
    "assertion": "saml response, samlresponse, saml assertion, client assertion",
    "answer": "security answer, secret answer",
    "otp": (
        "otp, totp, mfa code, verification code, security code, auth code, authorization code, recovery code,"
        "recovery codes, backup code, backup codes, access code, one time code, login code, pin code"
    ),
    "card": "card number, credit card, cardnumber, creditcard, cc number, cvv, cvc, cvv2, card code",
    "signature": "hub signature, stripe signature, slack signature, amz signature, x signature, goog signature",
    "dsn": "dsn, conn str, conn string, connstr, connection string, connectionstring, connection uri, connection url",
}
_LAST = {
    "credentials": "auth",
    "password": "pass, pw",
    "otp": "pin",
    "email": "email, e mail, email address, mail address",
    "phone": "phone, phone number, telephone, mobile number, cell phone, fax, fax number, msisdn",
    "ssn": (
        "ssn, social security, social security number, national id, national insurance number, passport number,"
        "passport no, tax id, nino"
    ),
    "birth_date": (
        "date of birth, dob, birthdate, birth date, birthday, born on, geburtsdatum, date de naissance,"
        "fecha de nacimiento, data de nascimento, data di nascita"
    ),
    "iban": "iban, bank account number",
    "name": "maiden name",
}
_KEY_OWNERS = (
    "api access secret private signing encryption decryption master account shared auth ssh deploy license licence "
    "webhook hmac crypto aes rsa fernet jwt app application consumer client admin root server subscription functions "
    "integration service role write ingest instrumentation cipher symmetric signature django flask maps recovery "
    "wallet bitlocker"
)
_GLUED = {
    "password": "password",
    "passwort": "password",
    "kennwort": "password",
    "passwd": "password",
    "passphrase": "password",
    "secret": "secret",
    "token": "token",
    "apikey": "api_key",
    "secretkey": "secret",
    "accesskey": "api_key",
    "consumerkey": "api_key",
    "signingkey": "api_key",
    "sharedkey": "api_key",
    "accountkey": "api_key",
    "encryptionkey": "api_key",
    "privatekey": "private_key",
    "authkey": "api_key",
    "sessionid": "session",
    "credentials": "credentials",
}
PERSONAL = frozenset({"email", "phone", "ssn", "birth_date", "iban", "name"})
"""Kinds that `personal_data=False` leaves in place."""
PERSONAL_BY_SHAPE = frozenset({"email", "phone", "iban"})

_HARMLESS_AFTER = word_set(
    "count counts type types ttl expiry expires expiration expired expire exp timeout limit limits length len size "
    "policy age max min url uri endpoint name names label field fields title at date time timestamp issuer audience "
    "algorithm alg version arn path file filename dir directory location domain enabled disabled required status "
    "state valid validity used usage budget rate cost price index position factory provider backend manager class "
    "strength score attempt attempts retries rotation days seconds minutes hours ms changed updated created format "
    "schema template prefix scope ratio per latency set error errors message reason mismatch failure failures input "
    "prompt form view hasher validator validators store storage bucket table column group owner source env var "
    "param parameter policies samesite secure httponly jar middleware authentication ref refs reference selector help "
    "placeholder description hint instructions ok"
)
_HARMLESS_BEFORE_TOKEN = word_set("next page continuation eos bos pad unk sep cls mask start end stop special reserved")
_HARMLESS_BEFORE_TOKENS = _HARMLESS_BEFORE_TOKEN | word_set(
    "max min num total prompt completion input output cached reasoning n used remaining estimated audio context "
    "generated consumed"
)
_PASS_OWNERS = word_set(
    "db database user smtp mail email ftp sftp redis admin root login auth proxy http ssh mysql postgres pg amqp "
    "rabbitmq mongo ldap imap pop wifi svn git app basic server become sudo vault require"
)
_PIN_OWNERS = word_set("card user security sim account atm debit")
_ID_IS_HARMLESS_AFTER = frozenset({"token", "credentials", "key", "cookie", "api_key", "card"})


def _plain(word: str) -> str:
    """In lower case and, in Latin script and Greek, without accents."""
    word = word.lower()
    if word.isascii():
        return word
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", word) if not unicodedata.combining(mark))
    return unicodedata.normalize("NFC", bare).translate(_UNDECOMPOSED)


_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "đ": "d"})


def _words(name: str) -> tuple[str, ...]:
    name = PLACEHOLDER.sub(" ", name[-MAX_NAME:])
    found: list[str] = _WORD.findall(name if name.isascii() else _plain(name))
    return tuple(word.lower() for word in found[-MAX_WORDS:])


def _terms(table: dict[str, str]) -> dict[tuple[str, ...], str]:
    return {_words(term): kind for kind, terms in table.items() for term in terms.split(",")}


def _key_terms() -> dict[tuple[str, ...], str]:
    kinds = {"private": "private_key", "ssh": "private_key", "secret": "secret"}
    owners = _KEY_OWNERS.split()
    return {(owner, key): kinds.get(owner, "api_key") for owner in owners for key in ("key", "keys")}


_ANYWHERE_TERMS = _terms(_ANYWHERE) | _key_terms()
_LAST_TERMS = _terms(_LAST)
_FIRST_WORDS = frozenset(term[0] for term in (*_ANYWHERE_TERMS, *_LAST_TERMS))
_GLUED_ENDINGS = tuple(_GLUED)


class SecretNames:
    """Names that hold secrets: the built-in ones and a user's `extra` ones, in any spelling (snake, camel, header)."""

    def __init__(self, extra: Iterable[str] = (), *, personal_data: bool = True) -> None:
        self._extra = tuple(words for words in (_words(name) for name in extra) if words)
        self._personal_data = personal_data
        self.kind = lru_cache(maxsize=4096)(self._kind)
        self.mirrored_kind = lru_cache(maxsize=4096)(lambda mirrored: self._kind(mirrored[::-1]))

    def _kind(self, name: str) -> str | None:
        """The kind of secret that a value under this name is, None where it is none."""
        words = _words(name)
        if any(_holds(words, extra) for extra in self._extra):
            return "declared"
        kind = _secret_kind(words)
        return None if kind in PERSONAL and not self._personal_data else kind


def _holds(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(words[at : at + len(part)] == part for at in range(len(words) - len(part) + 1))


def _secret_kind(words: tuple[str, ...]) -> str | None:
    for at, word in enumerate(words):
        if word not in _FIRST_WORDS and not word.endswith(_GLUED_ENDINGS):
            continue
        for length in (4, 3, 2, 1):
            term = words[at : at + length]
            if len(term) < length:
                continue
            kind = _term_kind(words[:at], term, words[at + length :])
            if kind is not None:
                return kind
    return None


def _term_kind(before: tuple[str, ...], term: tuple[str, ...], after: tuple[str, ...]) -> str | None:
    kind = _LAST_TERMS.get(term)
    if kind is not None:
        return kind if not after and _owned(before, term[0]) else None
    kind = _ANYWHERE_TERMS.get(term) or (_glued_kind(term[0]) if len(term) == 1 else None)
    if kind is None or _is_harmless(kind, before, term, after):
        return None
    return kind


def _owned(before: tuple[str, ...], word: str) -> bool:
    """Whether `pass` and `pin`, which are plain words too, are meant as secrets."""
    owners = {"pass": _PASS_OWNERS, "pin": _PIN_OWNERS}.get(word)
    return owners is None or not before or before[-1] in owners


def _glued_kind(word: str) -> str | None:
    return next((kind for ending, kind in _GLUED.items() if word.endswith(ending)), None)


def _is_harmless(kind: str, before: tuple[str, ...], term: tuple[str, ...], after: tuple[str, ...]) -> bool:
    if not _HARMLESS_AFTER.isdisjoint(after):
        return True
    if after[:1] in {("id",), ("ids",)} and kind in _ID_IS_HARMLESS_AFTER:
        return True
    if term == ("token",):
        return bool(before) and before[-1] in _HARMLESS_BEFORE_TOKEN
    return term == ("tokens",) and bool(before) and before[-1] in _HARMLESS_BEFORE_TOKENS
