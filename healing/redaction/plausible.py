"""Whether what follows a secret's name is a secret: not a word about it, a mask, or an expression of code."""

from __future__ import annotations

import re

from healing.redaction.placeholders import PLACEHOLDER
from healing.redaction.vocabulary import word_set

_WORDS_OF_STATE = word_set(
    "none null nil true false yes no on off str string bytes int integer float bool boolean any object optional "
    "required missing invalid valid expired revoked empty unset set denied failed failure rejected wrong incorrect "
    "unknown disabled enabled ok error hidden masked filtered redacted secretstr undefined default "
    "must should may can cannot can't is was are were has have had will would not field value input ensure expected "
    "expecting unexpected unable please too at does doesn't did didn't this the that a an it for from in of and or "
    "changed reset updated created sent received used unused accepted verified unverified granted refreshed "
    "authentication authorization mismatch mismatched malformed ignored skipped length minimum maximum provided "
    "requis requise obligatoire incorrecte expiré vergessen abgelaufen falsch ungültig zu muss erforderlich fehlt "
    "incorrecta incorrecto inválida inválido requerida obligatoria debe expirada expirado ha est ist неверный "
    "обязателен должен истёк "
    "varchar text char nvarchar binary blob uuid with without by to self cls request include same-origin "
    "omit basic digest oauth oauth2 jwt bearer ntlm kerberos ldap "
    "oidc saml sso basicauth plain scram ... … n/a"
)
_MASK = re.compile(
    r"[*•xX.#_-]{3,64}|<[^<>]{1,64}>|\$\{?[A-Z_][A-Z0-9_:-]{0,64}\}?|\$\d{1,3}|\{\{?[^{}]{0,64}\}?\}?|%\(\w{1,64}\)s|%s|\?"
    r"|[*<(\[{_#]{0,4}(?i:redacted|filtered|masked|scrubbed|censored|sanitized|omitted|hidden|removed)[*>)\]}_#]{0,4}"
    r"|VALUE_SPECIFIED_IN_NO_LOG_PARAMETER|(?i:your|my|the|some|insert|enter)[-_](?i:[a-z_-]{2,40})|\$\([^\r\n]{0,64}"
    r"|:[a-z_]\w{0,64}|\[(?i:filtered|hidden|masked|removed|secret|scrubbed)\]"
)
_MESSAGE = re.compile(
    r"[A-Z][a-z]{1,20}(?: [\w',()-]{1,40}){2,30}[.!]"
    r"|(?i:this|ensure|must|should|please|value|input|field|string|missing|enter|has|have|too|at|is|shorter|longer|length)"
    r"(?: [\w',.()-]{1,40}){2,30}"
)
"""What a validator says about a value."""
_CALL = re.compile(r"(?:await |new )?[A-Za-z_]{1,64}(?:\.[A-Za-z_]{1,64}){0,5}(?:\((?=[^\r\n]{0,256}\))|\[[\"'\\])")
_CODE = re.compile(
    r"(?:(?:var|data|local|module|each|secrets|vars|inputs|steps|\.?Values|resource|random_password|(?:aws|google|azurerm)"
    r"_\w{1,64})(?:\.[A-Za-z_][\w-]{0,64}(?:\[\w{1,20}\])?){1,6}(?=[\s,;)\]}]|$))"
    r"|(?:Optional|Union|List|Dict|list|dict|Annotated|Literal|Sequence|Mapping|Promise|Array|Option|Vec|Result)[\[<]"
    r"|(?:await )?(?:(?:self|cls|settings|config|cfg|conf|os|request|req|args|kwargs|options|env|environ|process)"
    r"(?:\.[A-Za-z_]\w{0,64}){1,5}(?=[\s,;)\]}(\[]|$)"
    r"|(?:(?:get|make|create|load|read|fetch|build|decode|encode|hash|generate|new|issue|find)_\w{1,64}|getpass|getenv"
    r"|str|bytes|input|SecretStr|Secret|Field|Depends)(?=\())"
)
_VAGUE = word_set("clave pin")
"""Names that have harmless meanings, too."""
_NAMED_INSTEAD = word_set("password api_key apikey access_token client_secret")
"""Values that are the name of a field or a key."""
_NO_VALUE = re.compile(r"[^\w]{0,2}|\d|\s{1,4096}")
_HIDDEN = re.compile(PLACEHOLDER.pattern + "(?:$|@)")
_TOKEN_LIKE = re.compile(r"(?=[^\d\s]{0,200}\d)[\w.~+/=:-]{6,1024}|[\w.~+/=:-]{20,1024}")

_REFERENCE = re.compile(
    r"arn:[\w-]{1,20}:[^\s]{1,512}"
    r"|(?:~|\.{1,2}|[A-Za-z]:)?[/\\]{1,4}(?:[\w.@-]{1,64}[/\\]{1,4}){0,16}[\w.@-]{1,64}\."
    r"(?:json|pem|key|crt|cer|p12|pfx|jks|ya?ml|toml|ini|cfg|conf|env|txt|py|cpp|java|go|rs|js|ts|asc|gpg|kdbx|pub|xml|db)"
    r"|(?:/(?:etc|run|var|usr|home|opt|tmp|mnt|srv|root|app|secrets|vault|private|Users|workspace|data|proc|dev|keys)"
    r"|~|\.{1,2})(?:/[a-zA-Z_.-]{1,40}\d{0,3}){1,16}/?"
    r"|(?:projects|secret|kv|vaults?)/(?:[\w-]{1,64}/){1,8}[\w.-]{1,64}"
    r"|(?:op|vault|file|ssm|awssm|gcpsm|secretsmanager|keyvault|env|ref\+\w{1,20}|arn)://?[\w./:@#-]{1,256}"
)
"""A path, the name of a resource of a cloud, or the place of a secret in a vault."""
_TAG = re.compile(
    r"(?i)!(?:vault|secret|env(?:_var)?|ref|sub|getatt|join|importvalue|include|file|base64|reference|decrypt|binary"
    r"|encrypted|input|cipher)"
)
_NOT_THERE = re.compile(
    r"[\"'`]{0,2}[:,]? (?:(?:was|is|could|does|do|has|have|can|did|must|cannot|already|in|of|from|for|not|doesn't|isn't"
    r"|wasn't|couldn't) ){1,3}(?:be )?(?:not |been )?(?:found|exist|exists|namespace|type|forbidden|invalid|unknown"
    r"|empty"
    r"|missing|created|deleted|updated|configured|defined|readable|mounted|available|set|read)\b"
    r"|[\"'`]{0,2} (?:forbidden|missing|created|deleted|unchanged|configured|patched|already exists)\b"
)
"""What is said of a thing that has a name: a secret of Kubernetes, an entry of a key store."""

Value = re.Match[str]
"""A match in which the last group is the value: `quoted`, `items` or `bare`."""


def value_of(value: Value) -> str:
    return value[value.lastgroup or 0]


def is_word_of_state(text: str) -> bool:
    """Whether it tells how a secret fares: `expired`, `required`."""
    return text.lower().rstrip(".:;!?") in _WORDS_OF_STATE


def is_mask(text: str) -> bool:
    """Whether it only stands for a value: stars, a variable, the field of a template."""
    return _MASK.fullmatch(text) is not None


def is_reference(text: str) -> bool:
    """Whether it says where a secret lies, not what it is."""
    return _REFERENCE.fullmatch(text) is not None and PLACEHOLDER.search(text) is None


def is_no_secret(text: str) -> bool:
    """Whether a value is none wherever it stands: empty, hidden, a mask, a state or a reference."""
    empty = _NO_VALUE.fullmatch(text) or PLACEHOLDER.search(text) or _MASK.fullmatch(text)
    return bool(empty) or text.lower() in _WORDS_OF_STATE or is_reference(text)


def is_named_thing(value: Value) -> bool:
    """Whether the sentence goes on as it would after the name of a thing: `secret "x" not found`."""
    return _NOT_THERE.match(value.string, value.end()) is not None


def is_plausible(name: str, value: Value) -> bool:
    text = value_of(value)
    if _NO_VALUE.fullmatch(text) or _HIDDEN.match(text) or _MASK.fullmatch(text):
        return False
    if is_word_of_state(text) or _TAG.fullmatch(text) or is_reference(text.rstrip(".:;")):
        return False
    if value.lastgroup != "bare" and _MESSAGE.fullmatch(text.strip("\\\"' ,")):
        return False
    if name in {"PWD", "OLDPWD"} and text.startswith("/"):
        return False
    if text.isdigit() and name.lower().endswith("s"):
        return False
    if value.lastgroup == "bare" and name.lower() in _VAGUE and not (looks_like_a_password(text) or text.isdigit()):
        return False
    if text.lower() in _NAMED_INSTEAD and text.lower() != name.lower():
        return False
    return value.lastgroup != "bare" or not _is_code(name, value)


def _is_code(name: str, value: Value) -> bool:
    variable = re.split(r"[.-]", name.lower())[-1].strip("_")
    if value["bare"].strip("_").lower() == variable or _same_ending(value["bare"], variable):
        return True
    at = value.start("bare")
    return _CODE.match(value.string, at) is not None or _CALL.match(value.string, at) is not None


def _same_ending(bare: str, variable: str) -> bool:
    """`card_token` as the value of `token`: a variable that is handed on."""
    head, _, tail = bare.rpartition("_")
    return tail == variable.rpartition("_")[2] and head.replace("_", "").isalpha() and head.islower()


def any_value(name: str, value: Value) -> bool:
    """Within brackets that are no quotes stand types and choices too."""
    return value.lastgroup != "held" or is_like_a_password(name, value)


def is_of_a_column(name: str, value: Value) -> bool:
    """`SECRET_ACCESS_KEY 'x'`: an option of SQL, not a word of a sentence."""
    return "_" in name and name.replace("_", "").isalpha()


_PARTS_OF_KEYS = word_set("auth tokens session sessions secrets credentials otp cookies")
"""Names that stand in keys of caches (`auth:lock:4711`), too."""


def is_no_syntax(name: str, value: Value) -> bool:
    """Parsers, too, speak of tokens (`unexpected token: foo`): there, only what looks like a secret is one."""
    if name == "secret" and "arn:" in value.string[max(0, value.start() - 80) : value.start()]:
        return False
    if not any_value(name, value):
        return False
    sign = value.start()
    if (
        name.lower() in _PARTS_OF_KEYS
        and value.lastgroup == "bare"
        and value.string[sign - 1 : sign + 1].strip(" \t")[1:]
    ):
        return value.string[sign - 1] != ":" or looks_like_a_password(value["bare"])
    if name.lower() != "token" or value.lastgroup != "bare" or value.string[value.start() - 1] in "=dD":
        return True
    return _TOKEN_LIKE.match(value["bare"]) is not None


def is_no_flag(name: str, value: Value) -> bool:
    return not value_of(value).startswith("-")


def is_no_quoted_word(name: str, value: Value) -> bool:
    return name.lower() not in {"token", "secret"} or _TOKEN_LIKE.fullmatch(value["quoted"]) is not None


def is_token_like(text: str) -> bool:
    return _TOKEN_LIKE.fullmatch(text) is not None


def is_like_a_token(name: str, value: Value) -> bool:
    return _TOKEN_LIKE.match(value_of(value)) is not None


_ALGORITHMS = re.compile(
    r"(?i)(?:(?:sha|md|base|utf|oauth|http|argon|pbkdf|aes|rsa|rs|hs|es|ps|v|ipv|rfc|pkcs|tls|ssl)-?\d[\d.-]{0,8}"
    r"(?:[a-z]{1,3}|encode|encoded)?|s3|p12|k8s|x509|ed25519|[a-z]{2,5}-?\d{2,3})"
)
_KNOWN_IDS = re.compile(
    r"(?i)\d{4}-\d\d-\d\d.{0,30}|\d[\d.,:/-]{0,60}|[a-z]{1,12}[-_:#]\d{1,20}|(?-i:[a-z0-9_.:-]{0,64}/[a-z0-9_./:-]{0,256})"
)
_DIGITS = re.compile(r"\d{1,64}")
_SIGNS = re.compile(r"[^\W_][!@#$%^&*?~+=]{1,4}[^\W_]")


def is_like_a_password(name: str, value: Value) -> bool:
    """A word that no sentence has: letters with digits or signs in them."""
    return looks_like_a_password(value_of(value))


def looks_like_a_password(text: str) -> bool:
    text = text.rstrip(".,:;")
    if len(text) < 5 or _ALGORITHMS.fullmatch(text) or _KNOWN_IDS.fullmatch(text):
        return False
    if _SIGNS.search(text):
        return True
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def looks_random(text: str) -> bool:
    """Letters and digits in turns, or many of both: no word, number, name or version."""
    text = text.rstrip(".,:;")
    if len(text) < 10 or _ALGORITHMS.fullmatch(text) or _KNOWN_IDS.fullmatch(text) or not text[0].isalnum():
        return False
    runs = len(_DIGITS.findall(text))
    mixed = any(map(str.islower, text)) and any(map(str.isupper, text[1:]))
    return runs >= 3 or (runs >= 2 and (len(text) >= 12 or mixed)) or (runs >= 1 and mixed and len(text) >= 12)


def is_no_cache_key(name: str, value: Value) -> bool:
    """`key` names those of caches and dictionaries too, the words of other languages do not; digests are none."""
    text = value_of(value)
    if not name.lower().startswith("key"):
        return is_like_a_password(name, value)
    return looks_random(text) and any(map(str.isupper, text)) and any(map(str.islower, text))


def is_random(name: str, value: Value) -> bool:
    return looks_random(value_of(value))


_KEY = re.compile(r"(?i)(?:primary|secondary)[_-]?(?:readonly)?(?:master)?[_-]?key|key[_-]?[12]?|key[_-]?value|value")
_KEY_IN_BASE64 = re.compile(r"(?=[^\d]{0,64}\d)(?=[^A-Z]{0,64}[A-Z])[A-Za-z0-9+/]{42,128}={1,2}")
_PLAIN_KEY = re.compile(r"(?i)(?:primary|secondary).{0,20}")
_LONG_KEY = re.compile(r"(?=[^\d]{0,64}\d)[A-Za-z0-9+/_-]{32,128}={0,2}")


def is_opaque_key(name: str, text: str) -> bool:
    """Whether a key of a cloud resource, which a cache or a table may have too, looks like one that opens something."""
    if not _KEY.fullmatch(name):
        return False
    return bool(_KEY_IN_BASE64.fullmatch(text) or (_PLAIN_KEY.fullmatch(name) and _LONG_KEY.fullmatch(text)))
